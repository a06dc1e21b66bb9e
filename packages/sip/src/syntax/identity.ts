import { Fault, parseUtf8 } from '@sotto/bytes';
import { type Cursor, readList, readWhole } from './cursor.ts';
import { fieldName } from './field.ts';
import { headEnd, type Message, readCseq } from './message.ts';
import { readNameAddress } from './name-address.ts';
import { CALL_ID } from './tokens.ts';
import { parseUri } from './uri.ts';
import { readVia } from './via.ts';

/**
 * Of a request that `parseMessage` refused: as much as a response has to repeat, if that is sound; null if it is not,
 * and then there is nobody to answer.
 */
export function parseIdentity(bytes: Uint8Array): Message | null {
  try {
    const head = parseUtf8(bytes.subarray(0, headEnd(bytes) ?? bytes.length)).replaceAll(/\r\n[ \t]+/g, ' ');
    const [startLine = '', ...lines] = head.split('\r\n');
    if (/^SIP\//i.test(startLine)) return null;
    const cseq = readWhole(first(lines, 'CSeq'), readCseq);
    return {
      start: { kind: 'request', method: cseq.method, uri: parseUri('sip:malformed.invalid') },
      vias: readList(first(lines, 'Via'), readVia),
      from: readWhole(first(lines, 'From'), readNameAddress),
      to: readWhole(first(lines, 'To'), readNameAddress),
      callId: readWhole(first(lines, 'Call-ID'), (cursor: Cursor) => cursor.expect(CALL_ID)),
      cseq,
      ...{ maxForwards: null, contacts: [], routes: [], recordRoutes: [], contentType: null, fields: [] },
      body: new Uint8Array(0),
    };
  } catch (cause) {
    if (cause instanceof Fault) return null;
    throw cause;
  }
}

/** The value of the first field of this name; '', which is none of these, if there is none. */
function first(lines: readonly string[], wanted: string): string {
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0 && fieldName(line.slice(0, colon).trimEnd()) === wanted) return line.slice(colon + 1);
  }
  return '';
}
