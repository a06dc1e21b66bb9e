import { PkiWireFault } from './fault.ts';

export type PemLabel = 'CERTIFICATE' | 'CERTIFICATE REQUEST' | 'X509 CRL' | 'CMS' | 'PRIVATE KEY' | 'PUBLIC KEY';

/** Textual encoding of DER: 64 characters a line, final line ending (RFC 7468). */
export function encodePem(label: PemLabel, der: Uint8Array): string {
  let binary = '';
  for (const octet of der) binary += String.fromCharCode(octet);
  const lines = btoa(binary).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/**
 * DER of every block with this label, in order; text around blocks is skipped, blocks with other labels are refused.
 * Throws `pem-malformed`, also if there is none.
 */
export function parsePem(label: PemLabel, text: string): Uint8Array<ArrayBuffer>[] {
  const blocks = [...text.matchAll(BLOCK)];
  const boundaries = text.match(/-----(?:BEGIN|END) /g)?.length ?? 0;
  if (blocks.length === 0 || boundaries !== 2 * blocks.length) throw malformed('no whole PEM block');
  return blocks.map(([, begin, body = '', end]) => {
    if (begin !== label || end !== label) throw malformed(`a PEM block that is not ${label}`);
    return parseBase64(body);
  });
}

/** Decodes base64 with line breaks, canonical padding. Throws `pem-malformed`. */
export function parseBase64(text: string): Uint8Array<ArrayBuffer> {
  const compact = text.replaceAll(/[\r\n\t ]/g, '');
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) throw malformed('not base64');
  const binary = atob(compact);
  const lastGroup = binary.slice(-(binary.length % 3 || 3));
  if (btoa(lastGroup) !== compact.slice(-4)) throw malformed('not canonical base64');
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}

function malformed(what: string): PkiWireFault {
  return new PkiWireFault('pem-malformed', what);
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]{1,40})-----\r?\n([A-Za-z0-9+/=\r\n\t ]*)-----END ([A-Z0-9 ]{1,40})-----/g;
