/** One run of Spin over a model: as it is, or with one check taken out of it. */
export interface FormalRun {
  /** A file of `formal/`, without its ending. */
  readonly model: string;
  /** What is defined while the model is read. */
  readonly defines: readonly string[];
  /** What is different, in words. */
  readonly about: string;
  /** The property that must fail; null if all of them must hold. */
  readonly fails: string | null;
}

/** In the order of the table. Each model also shows that its good end is reached: what never happens proves nothing. */
export const formalRuns: readonly FormalRun[] = [
  run('enrolment', [], 'as specified, one device stolen', null),
  run('enrolment', ['NO_THEFT'], 'as specified, none stolen', null),
  run('enrolment', ['GOOD_END'], 'a device is admitted and revoked', 'goodEnd'),
  run('enrolment', ['NO_TAGS', 'NO_THEFT'], 'a signature counts under any tag', 'onlyAdmitted'),
  run('enrolment', ['NO_ENDORSEMENT', 'NO_THEFT'], 'a certificate of the CA admits', 'onlyAdmitted'),
  run('enrolment', ['NO_GENESIS', 'NO_THEFT'], 'any genesis begins the chain', 'onlyAdmitted'),
  run('enrolment', ['NO_PREV'], '`prev` is not compared', 'thievesEnd'),
  run('enrolment', ['NO_ACTIVE'], 'revoked devices sign on', 'thievesEnd'),
  run('channel', [], 'as specified', null),
  run('channel', ['LEAK'], "the device's key leaks afterwards", null),
  run('channel', ['GOOD_END'], 'two handshakes end', 'goodEnd'),
  run('channel', ['NO_SIGNATURE'], 'the signature of ServerHello is not verified', 'serverAuthenticated'),
  run('channel', ['NO_CERTIFICATE'], 'any channel key counts', 'serverAuthenticated'),
  run('channel', ['NO_CIPHERTEXT_SIGNED'], 'the signature leaves out the ciphertext', 'serverAuthenticated'),
  run('channel', ['NO_SESSION_KEY'], 'traffic keys leave out the session key', 'deviceAuthenticated'),
  run('channel', ['NO_CLIENT_FINISHED'], 'the server waits for no Finished', 'deviceAuthenticated'),
  run('channel', ['NO_KEM_SECRET', 'LEAK'], 'traffic keys leave out the KEM secret; the key leaks', 'secret'),
  run('channel', ['NO_CONTEXT'], 'the sealed session key names no transcript', null),
  run('channel', ['NO_SERVER_FINISHED'], 'the client waits for no Finished', null),
  run('linking', [], 'as specified', null),
  run('linking', ['GOOD_END'], 'a second attempt is admitted', 'goodEnd'),
  run('linking', ['NO_REQUEST_MAC'], 'the MAC of the request is not verified', 'onlyAsked'),
  run('linking', ['NO_ANSWER_MAC'], 'the MAC of the answer is not verified', 'factsAgree'),
  run('linking', ['NO_REQUEST_HASH'], 'the answer names no request', 'keysAgree'),
  run('linking', ['NO_USED_CHECK'], 'a device id comes again', 'once'),
  run('linking', ['CODE_SEEN'], 'the server sees the code', 'onlyAsked'),
  run('room', [], 'as specified', null),
  run('room', ['GOOD_END'], 'both take all, and each saw the other', 'goodEnd'),
  run('room', ['NO_SEEN'], 'the head that a record names is not compared', 'onePast'),
  run('room', ['NO_ROLLBACK_CHECK'], 'a shorter log is taken', 'onePast'),
  run('room', ['NO_SEQUENCE'], 'sequence numbers are not compared', 'inOrder'),
];

function run(model: string, defines: readonly string[], about: string, fails: string | null): FormalRun {
  return { model, defines, about, fails };
}
