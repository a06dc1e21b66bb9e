import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { AwsClient } from 'aws4fetch';
import { ServerUsageFault } from '../fault.ts';
import type { ReplicaTarget } from './target.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A replica in a bucket of S3 or what speaks like it. Credentials, region and endpoint are those of the standard variables, or of
 * the credentials file that they name. Throws `replica-malformed` where there are none.
 */
export function s3Target(
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
  environment: Environment,
): ReplicaTarget {
  const region = environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  const endpoint =
    environment['AWS_ENDPOINT_URL_S3'] ?? environment['AWS_ENDPOINT_URL'] ?? `https://s3.${region}.amazonaws.com`;
  const client = new AwsClient({ ...credentials(environment), region, service: 's3', retries: 0 });
  const base = [endpoint.replace(/\/+$/, ''), bucket, ...prefix.split('/').filter((part) => part !== '')].join('/');
  const call = async (method: string, name: string, body?: Uint8Array): Promise<Response> => {
    const url = `${base}/${name}`;
    const init = { method, signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS), redirect: 'error' } as const;
    return client.fetch(url, body === undefined ? init : { ...init, body: Uint8Array.from(body) });
  };
  return {
    async put(name, bytes) {
      await settled(await call('PUT', name, bytes), [200, 201]);
    },
    async read(name) {
      const response = await call('GET', name);
      if (response.status === 404) {
        await response.body?.cancel();
        return null;
      }
      return new Uint8Array(await (await accepted(response, [200])).arrayBuffer());
    },
    async remove(name) {
      await settled(await call('DELETE', name), [200, 204, 404]);
    },
  };
}

async function accepted(response: Response, statuses: readonly number[]): Promise<Response> {
  if (statuses.includes(response.status)) return response;
  await response.body?.cancel();
  throw new Error(`the bucket answered with ${response.status}`);
}

async function settled(response: Response, statuses: readonly number[]): Promise<void> {
  await (await accepted(response, statuses)).body?.cancel();
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

function credentials(environment: Environment): Credentials {
  const found = fromVariables(environment) ?? fromFile(environment);
  if (found !== null) return found;
  throw new ServerUsageFault(
    'replica-malformed',
    'S3 needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a credentials file',
  );
}

function fromVariables(environment: Environment): Credentials | null {
  return credentialsOf({
    id: environment['AWS_ACCESS_KEY_ID'],
    secret: environment['AWS_SECRET_ACCESS_KEY'],
    token: environment['AWS_SESSION_TOKEN'],
  });
}

/** One section of an INI file, that of the profile. */
function fromFile(environment: Environment): Credentials | null {
  const path = environment['AWS_SHARED_CREDENTIALS_FILE'] ?? join(homedir(), '.aws', 'credentials');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if (environment['AWS_SHARED_CREDENTIALS_FILE'] === undefined) return null;
    throw new ServerUsageFault('replica-malformed', `the credentials file ${path} cannot be read`, { cause });
  }
  const profile = environment['AWS_PROFILE'] ?? 'default';
  const values = new Map<string, string>();
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    section = /^\s*\[\s*([^\]]+?)\s*\]/.exec(line)?.[1] ?? section;
    const pair = /^\s*([a-z_]+)\s*=\s*(.*?)\s*$/.exec(line);
    if (pair !== null && section === profile) values.set(pair[1] as string, pair[2] as string);
  }
  return credentialsOf({
    id: values.get('aws_access_key_id'),
    secret: values.get('aws_secret_access_key'),
    token: values.get('aws_session_token'),
  });
}

function credentialsOf({
  id,
  secret,
  token,
}: {
  readonly id: string | undefined;
  readonly secret: string | undefined;
  readonly token: string | undefined;
}): Credentials | null {
  if (id === undefined || secret === undefined) return null;
  const keys = { accessKeyId: id, secretAccessKey: secret };
  return token === undefined ? keys : { ...keys, sessionToken: token };
}

const TIMEOUT_MILLISECONDS = 60_000;
