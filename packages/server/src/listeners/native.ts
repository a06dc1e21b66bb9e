import type { Server } from 'node:http';
import { createServer } from 'node:https';
import { encodePem } from '@sotto/pki';
import type { BlobDoor } from '../blobs/blob-http.ts';
import type { Cluster } from '../cluster.ts';
import { problem } from '../rest/problem.ts';
import { HTTP_OPTIONS } from './web.ts';

/**
 * The server behind the native listener: TLS 1.3 with the cluster's own CA, nothing but channels and blobs. A device's
 * certificate is asked for and not required: it is an outer door, the channel inside decides.
 */
export function createNativeServer({ tls, caCertificate }: Cluster, blobDoor: BlobDoor): Server {
  const server = createServer({
    ...HTTP_OPTIONS,
    key: tls.keyPem,
    cert: tls.certPem,
    ca: encodePem('CERTIFICATE', caCertificate),
    minVersion: 'TLSv1.3',
    requestCert: true,
    rejectUnauthorized: false,
    handshakeTimeout: 10_000,
  });
  server.on('request', (request, response) => {
    if (blobDoor(request, response)) return;
    const { status, body } = problem('not-found');
    response.writeHead(status, { 'content-type': 'application/problem+json', connection: 'close' }).end(body);
  });
  return server as unknown as Server;
}
