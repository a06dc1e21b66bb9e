import { PkiWireFault } from '../fault.ts';
import { parseBase64, parsePem } from '../pem.ts';

/**
 * The DER of a container in a file: DER itself, PEM (`CMS`), or an S/MIME entity with a base64 body as
 * `openssl cms -encrypt` writes it unless told otherwise. Throws `pem-malformed`.
 */
export function parseContainerFile(file: Uint8Array): Uint8Array {
  if (file[0] === SEQUENCE) return file;
  const text = asciiText(file);
  if (text.includes('-----BEGIN ')) {
    const [container, ...others] = parsePem('CMS', text);
    if (container === undefined || others.length > 0) throw malformed('not exactly one container');
    return container;
  }
  return parseEntity(text);
}

/** application/pkcs7-mime in base64 (RFC 8551 section 3.2). */
function parseEntity(text: string): Uint8Array {
  const [head = '', ...rest] = text.split(/\r?\n\r?\n/);
  const fields = new Map(
    head
      .replaceAll(/\r?\n[ \t]+/g, ' ')
      .split(/\r?\n/)
      .map(splitField),
  );
  const type = fields.get('content-type') ?? '';
  const encoding = fields.get('content-transfer-encoding') ?? '';
  if (!/^application\/(?:x-)?pkcs7-mime(?:;|$)/i.test(type) || encoding.toLowerCase() !== 'base64') {
    throw malformed('neither DER nor PEM nor an S/MIME entity');
  }
  return parseBase64(rest.join(''));
}

function splitField(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

function asciiText(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return text;
}

function malformed(what: string): PkiWireFault {
  return new PkiWireFault('pem-malformed', what);
}

const SEQUENCE = 0x30;
