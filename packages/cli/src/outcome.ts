/** How a command ends: 0 done, 1 other faults, 2 usage, 4 not unlocked, 5 unverified, 6 out of reach, 7 refused by a rule. */
export type ExitCode = 0 | 1 | 2 | 4 | 5 | 6 | 7;

export interface Outcome {
  readonly exit: ExitCode;
  /** One sentence that says what to do. */
  readonly hint: string;
}

/** For what a user can do nothing about. */
export const report = 'Nothing was changed; please report it with this code and the output of `sotto --version`.';
/** For what somebody else made or altered. */
export const forged =
  'It was refused and nothing was changed; `sotto log list` keeps a note, tell whoever runs the server if it happens again.';
