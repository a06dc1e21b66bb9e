import { utf8 } from '@sotto/bytes';
import { MessageFramer, parseUri, UserAgent } from '@sotto/sip';
import { seededRandom } from '@sotto/testing';
import { encodeDescription, parseDescription } from '../../../packages/sip/src/session/description.ts';
import { invite, SDP } from '../../../packages/sip/src/sip.fixture.ts';
import { encodeMessage, parseMessage } from '../../../packages/sip/src/syntax/message.ts';
import { type Target, Violation } from '../target.ts';

const source = { transport: 'UDP', address: '192.0.2.1', port: 5060 } as const;
const local = { address: '192.0.2.2', port: 7078, helloHash: `1.10 ${'b'.repeat(64)}` };

/** SIP and SDP as a stranger sends them: what is taken must have a form that we would send, and take again. */
export const sip: Target = {
  name: 'sip',
  sources: [
    ...['syntax/message', 'syntax/field', 'syntax/name-address', 'syntax/via', 'syntax/uri', 'syntax/start-line'],
    ...['session/description', 'session/media', 'agent/screening', 'agent/response'],
  ].map((name) => `packages/sip/src/${name}.ts`),
  parsers: [
    {
      name: 'message',
      shape: 'text',
      seeds: [
        invite(),
        invite({ fields: ['m: "A" <sip:a@[2001:db8::1]:5060;lr?x=y>;q=0.3', 'Route: <sip:a@b.example;lr>'] }),
      ],
      parse: (input) => {
        again(parseMessage(input), encodeMessage, parseMessage);
        return null;
      },
    },
    {
      name: 'description',
      shape: 'text',
      seeds: [
        utf8(SDP.join('\r\n')),
        utf8(['v=0', 'o=a 1 1 IN IP6 ::1', 's= ', 't=0 0', 'a=x', 'm=audio 0 RTP/AVP 0', ''].join('\n')),
      ],
      parse: (input) => {
        again(parseDescription(input), encodeDescription, parseDescription);
        return null;
      },
    },
    { name: 'uri', shape: 'text', seeds: [utf8('sip:a:b@c.example:5060;x=y?z=1'), utf8('tel:+1')], parse: parsedUri },
    {
      name: 'agent',
      shape: 'text',
      seeds: [invite(), utf8('SIP/2.0 200 OK\r\n\r\n'), invite({ tag: ';tag=x' })],
      parse: (input) => {
        const agent = new UserAgent({
          randomBytes: seededRandom('sip'),
          user: 'bob',
          address: '192.0.2.2',
          port: 5060,
        });
        const events = agent.receive(input, source, 0);
        if (events.some(({ kind }) => kind === 'incoming')) agent.accept(1, local, 1);
        for (let i = 0; agent.nextTickAt !== null; i++) {
          if (i > 100) throw new Violation('never comes to rest');
          agent.tick(agent.nextTickAt);
        }
        return null;
      },
    },
    {
      name: 'stream',
      shape: 'text',
      seeds: [invite()],
      parse: (input) => {
        new MessageFramer().push(input);
        return null;
      },
    },
  ],
};

function parsedUri(input: Uint8Array): null {
  parseUri(new TextDecoder().decode(input));
  return null;
}

/** Writes what was taken, takes that, and writes it again. */
function again<Value>(value: Value, encode: (value: Value) => Uint8Array, parse: (bytes: Uint8Array) => Value): void {
  try {
    const [one, other] = [encode(value), encode(parse(encode(value)))].map((bytes) => new TextDecoder().decode(bytes));
    if (one !== other) throw new Violation('written twice, and not the same');
  } catch (cause) {
    throw new Violation('taken, and not to be written', { cause });
  }
}
