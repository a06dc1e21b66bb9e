export { type OpaqueBinding, opaqueBinding } from './binding.ts';
export {
  type LoginInput,
  type LoginResult,
  type LoginState,
  loginFinish,
  loginStart,
  type RegistrationInput,
  type RegistrationResult,
  type RegistrationState,
  registrationFinish,
  registrationStart,
} from './client.ts';
export {
  checkRecord,
  type ExpectedLogin,
  type LoginRequest,
  loginRespond,
  loginVerify,
  registrationResponse,
} from './server.ts';
export { createSetup, encodeSetup, parseSetup, type ServerSetup } from './setup.ts';
export { argon2Stretching, type KeyStretching } from './stretching.ts';
