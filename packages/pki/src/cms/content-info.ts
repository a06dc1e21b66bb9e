import { type DerReader, readSequence } from '../der/reader.ts';
import * as tag from '../der/tag.ts';
import { oid, sequence, tagged } from '../der/writer.ts';

/** ContentInfo: a content type and one element of that type (RFC 5652 section 3). */
export function contentInfo(type: string, content: Uint8Array): Uint8Array<ArrayBuffer> {
  return sequence(oid(type), tagged(0, content));
}

export function readContentInfo(reader: DerReader): { readonly type: string; readonly content: Uint8Array } {
  return readSequence(reader, (fields) => {
    const type = fields.oid();
    const wrapped = fields.enter(tag.constructed(0));
    const content = wrapped.raw();
    wrapped.end();
    return { type, content };
  });
}
