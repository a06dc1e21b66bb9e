import { open } from 'node:fs/promises';
import { sendFile as sendHonestly } from '../../../packages/server/src/blobs/send-file.ts';
import { currentOrder } from './order.ts';

/** Sends a part of a file as a body; where the order is to swap blobs, the same part of another file. */
export const sendFile: typeof sendHonestly = async (file, response, range) => {
  const order = currentOrder();
  if (order?.lie !== 'swap-blobs') return sendHonestly(file, response, range);
  await using other = await open(order.path);
  return sendHonestly(other, response, range);
};
