import { utf8 } from '@sotto/bytes';
import { malformed } from './der/fault.ts';
import { DerReader, readSequence } from './der/reader.ts';
import * as tag from './der/tag.ts';
import { bitString, boolean, integer, octetString, oid, sequence, tagged, taggedContent } from './der/writer.ts';
import { oids } from './oids.ts';

/** One X.509 extension; `value` is the content of its OCTET STRING. */
export interface Extension {
  readonly id: string;
  readonly critical: boolean;
  readonly value: Uint8Array;
}

export function encodeExtension({ id, critical, value }: Extension): Uint8Array<ArrayBuffer> {
  return critical ? sequence(oid(id), boolean(true), octetString(value)) : sequence(oid(id), octetString(value));
}

/** Reads Extensions; the DEFAULT FALSE of `critical` is never written, no extension comes twice. */
export function readExtensions(reader: DerReader): Extension[] {
  const extensions = readSequence(reader, (list) => list.all(readExtension));
  const ids = new Set(extensions.map(({ id }) => id));
  if (extensions.length === 0 || ids.size !== extensions.length) throw malformed('no extension, or one of them twice');
  return extensions;
}

export function basicConstraints(): Extension {
  return { id: oids.basicConstraints, critical: true, value: sequence(boolean(true), integer(0)) };
}

export type KeyUsage = 'digitalSignature' | 'keyEncipherment' | 'keyCertSign and cRLSign';

export function keyUsage(usage: KeyUsage): Extension {
  const [octet, unusedBits] = keyUsageBits[usage];
  return { id: oids.keyUsage, critical: true, value: bitString(Uint8Array.of(octet), unusedBits) };
}

export function extendedKeyUsage(purposes: readonly string[], critical: boolean): Extension {
  return { id: oids.extendedKeyUsage, critical, value: sequence(...purposes.map(oid)) };
}

export function subjectKeyIdentifier(identifier: Uint8Array): Extension {
  return { id: oids.subjectKeyIdentifier, critical: false, value: octetString(identifier) };
}

export function authorityKeyIdentifier(identifier: Uint8Array): Extension {
  return { id: oids.authorityKeyIdentifier, critical: false, value: sequence(taggedContent(0, identifier)) };
}

/** The one rfc822Name and dNSName subtree in which a CA may name anybody. */
export function nameConstraints(domain: string): Extension {
  const subtree = (type: number) => sequence(taggedContent(type, utf8(domain)));
  const permitted = tagged(0, subtree(GENERAL_NAME.rfc822Name), subtree(GENERAL_NAME.dnsName));
  return { id: oids.nameConstraints, critical: true, value: sequence(permitted) };
}

/** The domain of `nameConstraints`: the first permitted subtree's base. */
export function parseConstrainedDomain(value: Uint8Array): string {
  const subtree = DerReader.open(value).sequence().enter(tag.constructed(0)).sequence();
  return ascii(subtree.content(tag.implicit(GENERAL_NAME.rfc822Name)));
}

export type GeneralName =
  | { readonly type: 'rfc822Name' | 'dnsName' | 'uri'; readonly value: string }
  | { readonly type: 'ipAddress'; readonly value: Uint8Array };

export function subjectAltName(names: readonly GeneralName[]): Extension {
  const encoded = names.map(({ type, value }) =>
    taggedContent(GENERAL_NAME[type], typeof value === 'string' ? utf8(value) : value),
  );
  return { id: oids.subjectAltName, critical: false, value: sequence(...encoded) };
}

/** Reads the kinds of GeneralName that our certificates have; any other throws `der-malformed`. */
export function parseAltNames(value: Uint8Array): GeneralName[] {
  return readSequence(DerReader.open(value), (names) => names.all(readGeneralName));
}

function readGeneralName(reader: DerReader): GeneralName {
  for (const type of ['rfc822Name', 'dnsName', 'uri'] as const) {
    const identifier = tag.implicit(GENERAL_NAME[type]);
    if (reader.next === identifier) return { type, value: ascii(reader.content(identifier)) };
  }
  const value = reader.content(tag.implicit(GENERAL_NAME.ipAddress));
  if (value.length !== 4 && value.length !== 16) throw malformed('an IP address of the wrong length');
  return { type: 'ipAddress', value };
}

function readExtension(reader: DerReader): Extension {
  return readSequence(reader, (fields) => {
    const id = fields.oid();
    const critical = fields.next === tag.BOOLEAN;
    if (critical && !fields.boolean()) throw malformed('a default that is written');
    return { id, critical, value: fields.octetString() };
  });
}

/** Visible ASCII, so that no name hides a NUL or a look-alike. */
function ascii(content: Uint8Array): string {
  const text = String.fromCharCode(...content.subarray(0, 512));
  if (content.length === 0 || content.length > 512 || !/^[!-~]+$/.test(text))
    throw malformed('a name that is not ASCII');
  return text;
}

const GENERAL_NAME = { rfc822Name: 1, dnsName: 2, uri: 6, ipAddress: 7 } as const;

const keyUsageBits: Readonly<Record<KeyUsage, readonly [number, number]>> = {
  digitalSignature: [0x80, 7],
  keyEncipherment: [0x20, 5],
  'keyCertSign and cRLSign': [0x06, 1],
};
