import { Fault } from '@sotto/bytes';

/** The code of the fault that a call ends in, `none` if it does not; what is no fault of ours is thrown on. */
export async function faultOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'none';
  } catch (fault) {
    if (fault instanceof Fault) return fault.code;
    throw fault;
  }
}
