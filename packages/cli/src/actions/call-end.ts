import type { Fault } from '@sotto/bytes';
import type { CallOutcome } from '@sotto/keybox';
import { CliFault } from '../fault.ts';

/** How a call ended. */
export interface CallEnd {
  readonly outcome: CallOutcome;
  readonly code: string | null;
  /** Of the media here; null if it was not that. */
  readonly fault: Fault | null;
}

/** What the command ends with; null if people talked, or the own person gave up. */
export function faultOfEnd({ outcome, code, fault }: CallEnd): Fault | null {
  if (fault !== null) return fault;
  switch (outcome) {
    case 'answered':
    case 'cancelled':
      return null;
    case 'declined':
      return new CliFault('call-declined', 'the call was declined');
    case 'busy':
      return new CliFault('call-occupied', 'the other end is in another call');
    case 'missed':
      return code === 'call-unheard'
        ? new CliFault('call-unheard', 'no device at the other end said that it rings')
        : new CliFault('call-unanswered', 'nobody answered');
    case 'elsewhere':
      return new CliFault('call-elsewhere', 'another of your devices took the call');
    case 'failed':
      return isTheirs(code)
        ? new CliFault('call-peer-failed', `the call has failed at the other end${statusOf(code)}`)
        : new CliFault('call-failed', `the call has failed: ${code}`);
  }
}

/** Whether the reason is the other end's: it gave none, says that it failed, or is a softphone with a status of SIP. */
function isTheirs(code: string | null): boolean {
  return code === null || code === 'call-peer-failed' || statusOf(code) !== '';
}

function statusOf(code: string | null): string {
  return code?.startsWith('status ') ? `: ${code}` : '';
}
