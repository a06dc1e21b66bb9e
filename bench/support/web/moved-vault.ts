import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/**
 * Moves the vault of a native device, closed for good, into the private file system of a browser: its files as they are, the small
 * ones in their slots. docs/spec/vault.md, "In browsers". The page is one of the origin that runs nothing of the client.
 */
export async function moveVault(
  page: Page,
  { folder, address, scratch }: { readonly folder: string; readonly address: string; readonly scratch: string },
): Promise<void> {
  mkdirSync(scratch);
  const paths = readdirSync(folder).map((name) => {
    if (name.endsWith('.db')) return join(folder, name);
    const path = join(scratch, `${name}.0`);
    writeFileSync(path, slotOf(readFileSync(join(folder, name))));
    return path;
  });
  if (readdirSync(folder).some((name) => /-(?:wal|journal)$/.test(name))) throw new Error('the vault is still open');
  await page.evaluate(
    `document.documentElement.append(Object.assign(document.createElement('input'), { type: 'file', multiple: true }))`,
  );
  await page.locator('input[type=file]').setInputFiles(paths);
  await page.evaluate(`(async () => {
    let directory = await navigator.storage.getDirectory();
    for (const name of ['sotto', 'accounts', ${JSON.stringify(address)}]) directory = await directory.getDirectoryHandle(name, { create: true });
    for (const file of document.querySelector('input[type=file]').files) {
      await file.stream().pipeTo(await (await directory.getFileHandle(file.name, { create: true })).createWritable());
    }
  })()`);
}

function slotOf(content: Uint8Array): Uint8Array {
  const count = Buffer.alloc(8);
  count.writeBigUInt64BE(1n);
  return Buffer.concat([count, createHash('sha256').update(count).update(content).digest(), content]);
}
