import { type Blame, Fault, hex } from '@sotto/bytes';

/** Why one room is not read on: the fault itself, with the id of the room in hexadecimal as `room` of its detail. */
export class RoomRefusal extends Fault {
  readonly blame: Blame;

  constructor(cause: Fault, room: Uint8Array) {
    super(cause.code, cause.message, { cause, detail: { ...cause.detail, room: hex(room) } });
    this.blame = cause.blame;
  }
}
