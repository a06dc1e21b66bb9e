import type { ReleaseAsset } from './web-release.ts';

/** What the headers of the web client's answers depend on. */
export interface WebHeaderOptions {
  /** The origins under which pages reach their home server, as `https://example.org`. */
  readonly origins: Iterable<string>;
  /** SHA-256 of the inline styles that `/index.html` may put up. */
  readonly inline: ReleaseAsset['inline'];
}

/**
 * The security headers of an asset: the server sends them, and the service worker puts them on what it has judged, so that a
 * server cannot take one away. docs/spec/web-release.md#headers.
 */
export function webHeaders(
  { path, inline }: Pick<ReleaseAsset, 'path' | 'inline'>,
  page: WebHeaderOptions,
): Readonly<Record<string, string>> {
  if (path === PREVIEW_PATH) {
    return {
      ...common,
      // Firefox takes a sandboxed page for another site than the one that frames it; `frame-ancestors` names who may.
      'cross-origin-resource-policy': 'cross-origin',
      'content-security-policy': sandboxPolicy(inline),
      'permissions-policy': permissions(''),
      'x-frame-options': 'SAMEORIGIN',
    };
  }
  return {
    ...common,
    'content-security-policy': pagePolicy(page),
    'permissions-policy': permissions('self'),
    'x-frame-options': 'DENY',
  };
}

/** The page in which files are shown: of an origin of its own, without a network. */
export const PREVIEW_PATH = '/preview.html';

/** The one Trusted Types policy of the client. */
const TRUSTED_TYPES = 'sotto';

function pagePolicy({ origins, inline }: WebHeaderOptions): string {
  const sockets = [...origins].map((origin) => origin.replace(/^http/, 'ws'));
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    ["style-src 'self'", ...inline.map(hashSource)].join(' '),
    "img-src 'self' blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    ["connect-src 'self'", ...sockets].join(' '),
    "worker-src 'self'",
    "manifest-src 'self'",
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types ${TRUSTED_TYPES}`,
  ].join('; ');
}

function sandboxPolicy(inline: ReleaseAsset['inline']): string {
  const own = inline.length === 0 ? "'none'" : inline.map(hashSource).join(' ');
  return [
    'sandbox allow-scripts',
    "default-src 'none'",
    `script-src ${own} 'wasm-unsafe-eval'`,
    `style-src ${own}`,
    'img-src blob: data:',
    'media-src blob:',
    'worker-src blob:',
    'font-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join('; ');
}

function hashSource(hash: Uint8Array): string {
  return `'sha256-${btoa(String.fromCharCode(...hash))}'`;
}

function permissions(own: '' | 'self'): string {
  return [...PERMITTED.map((name) => `${name}=(${own})`), ...FORBIDDEN.map((name) => `${name}=()`)].join(', ');
}

const common = {
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Link codes are read by camera, voice notes spoken, kits copied; an account may be unlocked by a passkey. */
const PERMITTED = [
  'camera',
  'microphone',
  'fullscreen',
  'clipboard-read',
  'clipboard-write',
  'publickey-credentials-create',
  'publickey-credentials-get',
];

const FORBIDDEN = [
  'accelerometer',
  'autoplay',
  'browsing-topics',
  'display-capture',
  'encrypted-media',
  'geolocation',
  'gyroscope',
  'hid',
  'identity-credentials-get',
  'idle-detection',
  'local-fonts',
  'magnetometer',
  'midi',
  'otp-credentials',
  'payment',
  'picture-in-picture',
  'screen-wake-lock',
  'serial',
  'storage-access',
  'usb',
  'window-management',
  'xr-spatial-tracking',
];
