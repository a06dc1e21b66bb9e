import { parseUtf8, utf8 } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import {
  fileNameFault,
  formatInvitation,
  formatLinkCode,
  formatRecoveryKey,
  isFileNameTwin,
  parseAddress,
  parseDeviceName,
  parseInvitation,
  parseLinkCode,
  parseRecoveryKey,
  safeFileName,
  separatedFileName,
} from '@sotto/protocol';
import { matchExpression, parseSearch } from '../../../packages/keybox/src/search/query.ts';
import { formatEndpoint, parseEndpoint } from '../../../packages/server/src/listeners/endpoint.ts';
import { parseDatabaseUrl } from '../../../packages/server/src/store/postgres/url.ts';
import { type Parser, type Target, Violation } from '../target.ts';

const key = new Secret(new Uint8Array(16).fill(7));
const invitation = {
  origin: 'https://example.org:8443',
  code: '0123456789ABCDEFGHJKMNPQRS',
  caFingerprint: new Uint8Array(32).fill(9),
};

/** What people type or are shown: every text is taken in one spelling only, or made fit to be shown. */
export const code: Target = {
  name: 'code',
  sources: [
    ...['address', 'device', 'file-name', 'invitation', 'link', 'recovery'].map((name) => `protocol/src/${name}`),
    ...['keybox/src/search/query', 'server/src/listeners/endpoint', 'server/src/store/postgres/url'],
  ].map((path) => `packages/${path}.ts`),
  parsers: [
    text('address', ['ann@example.org', ' A.b-c_d@x-1.example '], (given) => {
      same(parseAddress(given), parseAddress(parseAddress(given)));
    }),
    text('device-name', ['laptop', 'a-1'], (given) => same(parseDeviceName(given), given)),
    text('link-code', [formatLinkCode(key)], (given) => {
      const spelled = formatLinkCode(parseLinkCode(given));
      same(formatLinkCode(parseLinkCode(spelled)), spelled);
    }),
    text('recovery-key', [formatRecoveryKey(key)], (given) => {
      const spelled = formatRecoveryKey(parseRecoveryKey(given));
      same(formatRecoveryKey(parseRecoveryKey(spelled)), spelled);
    }),
    text('invitation', [formatInvitation(invitation), 'http://[::1]:80/i/'], (given) => {
      const spelled = formatInvitation(parseInvitation(given));
      same(formatInvitation(parseInvitation(spelled)), spelled);
    }),
    text('file-name', ['résumé.pdf', 'con.txt', '../a\u202eb', `${'é'.repeat(130)}.tar.gz`], (given) => {
      const safe = safeFileName(given);
      same(String(fileNameFault(safe)), 'null');
      same(safeFileName(safe), safe);
      const second = separatedFileName(safe, 2);
      same(String(fileNameFault(second)), 'null');
      if (isFileNameTwin(second, safe)) throw new Violation('a name set off from its twin is its twin');
    }),
    text('endpoint', ['127.0.0.1:8470', '[::1]:0', 'localhost:443'], (given) => {
      const spelled = formatEndpoint(parseEndpoint(given));
      same(formatEndpoint(parseEndpoint(spelled)), spelled);
    }),
    text('database', ['postgres://sotto@db:5432/sotto', 'postgresql://a@%2Frun%2Fpg/b'], (given) => {
      parseDatabaseUrl(given);
    }),
    text('search', ['two words', '"a phrase" and', 'ǅ\u0301'], (given) => {
      const { any, whole } = matchExpression(parseSearch(given));
      const isOurs = [any, whole ?? any].every((expression) => /^[\p{L}\p{M}\p{N}\p{Co}" *]+$/u.test(expression));
      if (!isOurs) throw new Violation('syntax of the index gets through');
    }),
  ],
};

function text(name: string, seeds: readonly string[], parse: (given: string) => void): Parser {
  return {
    name,
    shape: 'text',
    seeds: seeds.map(utf8),
    parse: (input) => {
      parse(parseUtf8(input));
      return null;
    },
  };
}

function same(left: string, right: string): void {
  if (left !== right) throw new Violation('a second look sees something else');
}
