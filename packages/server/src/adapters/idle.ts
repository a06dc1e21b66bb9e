import type { IncomingMessage, ServerResponse } from 'node:http';

/** Ends the connection of an exchange in which nothing moves for so long. */
export function endWhenIdle(request: IncomingMessage, response: ServerResponse, milliseconds: number): void {
  response.setTimeout(milliseconds, () => void request.socket.destroy());
}
