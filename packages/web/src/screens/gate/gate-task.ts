import type { TaskId, VaultEvent, Vaults } from '@sotto/keybox-web';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useVaults } from '../../app/vaults.tsx';

/** The code that a linking device shows. */
export interface LinkCode {
  readonly code: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

type GateTaskState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly task: TaskId; readonly step: string | null; readonly link: LinkCode | null }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly fault: Error };

export interface GateTask<Input> {
  readonly state: GateTaskState;
  /** What ended the last attempt, unless it was its own person. */
  readonly fault: Error | null;
  start(input: Input): void;
  /** Stops it; what was done stays, and the next start goes on from there. */
  stop(): void;
}

/** Long work at the gate: begun by a form, told of step by step, stopped by its person or by leaving the screen. */
export function useGateTask<Input>(
  work: (gate: Vaults['gate'], task: TaskId, input: Input) => Promise<void>,
): GateTask<Input> {
  const vaults = useVaults();
  const [state, setState] = useState<GateTaskState>({ kind: 'idle' });
  const running = useRef<TaskId | null>(null);
  const stop = useCallback((): void => {
    if (running.current !== null) void vaults.gate.cancel(running.current);
  }, [vaults]);
  useEffect(() => stop, [stop]);
  const start = (input: Input): void => {
    if (running.current !== null) return;
    const task = vaults.newTask();
    running.current = task;
    setState({ kind: 'running', task, step: null, link: null });
    const end = vaults.subscribe((event) => setState((before) => heard(before, event)));
    work(vaults.gate, task, input)
      .then(
        () => setState({ kind: 'done' }),
        (fault: Error) => setState(isCancelled(fault) ? { kind: 'idle' } : { kind: 'failed', fault }),
      )
      .finally(() => {
        running.current = null;
        end();
      });
  };
  return { state, fault: state.kind === 'failed' ? state.fault : null, start, stop };
}

function heard(state: GateTaskState, event: VaultEvent): GateTaskState {
  if (state.kind !== 'running' || !('task' in event) || event.task !== state.task) return state;
  if (event.kind === 'progress') return { ...state, step: event.step };
  if (event.kind !== 'link-code') return state;
  return { ...state, link: { code: event.code, expiresAt: event.expiresAt } };
}

function isCancelled(fault: Error): boolean {
  return 'code' in fault && fault.code === 'cancelled';
}
