import { z } from 'zod';

/** What a REST answer says when it is no success (RFC 9457); `code` is stable. */
type Problem = z.infer<typeof problemSchema>;
export type ProblemCode = keyof typeof problems;

const problemSchema = z
  .object({ type: z.literal('about:blank'), title: z.string(), status: z.int(), code: z.string() })
  .meta({ description: 'RFC 9457; `code` is stable, `title` is for people' });

/** How a route's schema declares that it may answer with a problem. */
export const problemResponse = {
  description: 'A problem (RFC 9457)',
  content: { 'application/problem+json': { schema: problemSchema } },
} as const;

/** Ends a request with a problem. */
export class ProblemError extends Error {
  readonly problemCode: ProblemCode;
  readonly retryAfterSeconds: number | null;

  constructor(code: ProblemCode, retryAfterSeconds: number | null = null) {
    super(code);
    this.problemCode = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export interface ProblemAnswer {
  readonly status: number;
  readonly title: string;
  /** JSON. */
  readonly body: string;
}

export function problem(code: ProblemCode): ProblemAnswer {
  const [status, title] = problems[code];
  const value: Problem = { type: 'about:blank', title, status, code };
  return { status, title, body: JSON.stringify(value) };
}

const problems = {
  'request-malformed': [400, 'The request is malformed'],
  'not-authorised': [403, 'Not for this caller'],
  'origin-refused': [403, 'Pages of other sites open no channel here'],
  'not-found': [404, 'There is nothing here'],
  'invitation-unknown': [404, 'This server has no such invitation'],
  'upload-offset': [409, 'The upload does not go on from there'],
  'tus-version': [412, 'Uploads are of tus 1.0.0'],
  'body-too-large': [413, 'The request is too large'],
  'content-type': [415, 'An upload is application/offset+octet-stream'],
  'range-unsatisfiable': [416, 'There are no such bytes'],
  throttled: [429, 'Too many requests from this address'],
  'server-error': [500, 'The server failed'],
  'blob-store-gone': [503, 'The server cannot reach its blobs'],
  'too-many-sessions': [503, 'Too many connections'],
  unavailable: [503, 'The database is out of reach'],
  stopping: [503, 'The server is stopping'],
  'disk-full': [507, 'The server cannot store more'],
} as const satisfies Record<string, readonly [number, string]>;
