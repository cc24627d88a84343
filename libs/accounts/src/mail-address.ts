import { domainToASCII, domainToUnicode } from 'node:url';

/** Letters, digits and the marks real addresses use; no quotes, no routing marks (`%`, `!`), no list or group marks. */
const localPart = /^[A-Za-z0-9_+'&~=#$*?^{}/-]+(?:\.[A-Za-z0-9_+'&~=#$*?^{}/-]+)*$/;
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const topLabel = /^(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;

/**
 * One plain mail address, or undefined (ML-1). A mail library parses what it is given once more: `a@la.gov,b@evil.test`
 * would reach two people, so nothing that could be read as a list, a group, a display name or a header passes.
 * @param text as typed; spaces around it are dropped
 * @returns the address with its domain in lower case, 254 characters at most
 */
export function mailAddress(text: string): string | undefined {
  if (text.length > 1000) return undefined;
  const bare = text.replace(/^ +| +$/g, '');
  const at = bare.lastIndexOf('@');
  const local = bare.slice(0, at);
  const domain = bare.slice(at + 1).toLowerCase();
  if (at < 1 || bare.length > 254 || local.length > 64 || local.startsWith('-') || !localPart.test(local))
    return undefined;
  const labels = domain.split('.');
  if (labels.length < 2 || !labels.every((one) => label.test(one)) || !topLabel.test(labels.at(-1)!)) return undefined;
  return isInternational(domain) ? `${local}@${domain}` : undefined;
}

/** Whether every `xn--` label decodes, and to the very name it came from (IDNA). */
function isInternational(domain: string): boolean {
  const decoded = domainToUnicode(domain);
  return domainToASCII(decoded) === domain && !decoded.split('.').some((one) => one.startsWith('xn--'));
}

/** What two addresses are compared by: mail systems in use here ignore case. */
export const addressKey = (address: string): string => address.toLowerCase();

/** What mails to one mailbox are counted by: `a.b+c@x` and `ab@x` are one (RS-8). */
export function mailboxKey(address: string): string {
  const [local = '', domain = ''] = addressKey(address).split('@');
  return `${local.replace(/\+.*$/, '').replaceAll('.', '')}@${domain}`;
}
