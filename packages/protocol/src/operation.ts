import type { z } from 'zod/mini';

/**
 * Which sessions may call an operation. `sign-up` is an account session whose sign-up is not complete, `revoked` that of
 * a device that its account revoked.
 */
export type OperationScope = 'anonymous' | 'sign-up' | 'account' | 'device' | 'revoked';

/** One operation of the API: both sides are typed by its schemas. */
export interface Operation<Name extends string = string, Input = unknown, Output = unknown> {
  readonly name: Name;
  readonly scopes: readonly OperationScope[];
  readonly input: z.ZodMiniType<Input>;
  readonly output: z.ZodMiniType<Output>;
}

export function operation<Name extends string, Input, Output>(
  declared: Operation<Name, Input, Output>,
): Operation<Name, Input, Output> {
  return declared;
}

export type OperationInput<Declared> = Declared extends Operation<string, infer Input, unknown> ? Input : never;
export type OperationOutput<Declared> = Declared extends Operation<string, unknown, infer Output> ? Output : never;
