/** A host as it may stand in a URI, a Via or a session description. */
const HOST: RegExp = /\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,255}/y;

/** The host that is here, with the brackets of an IPv6 address; null if there is none (RFC 3261 section 25.1). */
export function hostPattern(): RegExp {
  return HOST;
}

export function isHost(text: string): boolean {
  if (text.startsWith('[')) return text.endsWith(']') && isIpv6(text.slice(1, -1));
  return isIpv4(text) || isHostname(text);
}

/** Four numbers without leading zeros. */
export function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255);
}

/** RFC 4291 section 2.2, without a zone. */
export function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const hasIpv4 = last.includes('.');
  const words = hasIpv4 ? groups.slice(0, -1) : groups;
  const count = words.length + (hasIpv4 ? 2 : 0);
  if (hasIpv4 && (!isIpv4(last) || text.endsWith('::'))) return false;
  if (!words.every((word) => /^[0-9A-Fa-f]{1,4}$/.test(word))) return false;
  return halves.length === 2 ? count <= 7 : count === 8;
}

/** Labels of letters, digits and inner hyphens; the last begins with a letter, and a dot may follow it. */
function isHostname(text: string): boolean {
  const labels = text.replace(/\.$/, '').split('.');
  const isLabel = (label: string): boolean => /^[A-Za-z0-9-]+$/.test(label) && !/^-|-$/.test(label);
  return labels.every(isLabel) && /^[A-Za-z]/.test(labels.at(-1) ?? '');
}
