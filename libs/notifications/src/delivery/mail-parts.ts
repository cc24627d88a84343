import type { Wording } from '../message-kinds.js';

/** What goes into a mail: the same words as plain text and as HTML. */
export interface MailParts {
  subject: string;
  text: string;
  html: string;
}

const closing =
  'EdLink Security sent this mail on its own. What concerns your account is also under Notifications when you are signed in.';

/** Invisible and without width: readers see the text as it was, mail programs no longer see an address in it. */
const joiner = '\u2060';

/**
 * Keeps a name or a typed text from becoming a link in somebody's mail program (ML-3): after a dot, slash, colon or at
 * sign that runs straight into a letter, sign or slash there comes an invisible joiner. "St. Mary", "9:15" and
 * "R-2026-000123" stay as they are. What looks like a tag gets other brackets.
 */
export const withoutLinks = (text: string): string =>
  text
    .replace(/<(?=\S)/gu, '‹')
    .replace(/(?<=\S)>/gu, '›')
    .replace(/[./:@\\](?=[^\s\d])/gu, `$&${joiner}`);

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`).replaceAll('\n', '<br>');

/**
 * Makes a mail of a worded message. Pure.
 * @param origins where the one link may lead: our own public addresses
 * @throws Error when the link leads elsewhere, or the subject is not one short line
 */
export function mailParts(wording: Wording, origins: string[]): MailParts {
  const { subject, action } = wording;
  if (!/^[^\p{Cc}]{1,120}$/u.test(subject)) throw new Error('the subject is not one short line');
  if (action && !(URL.canParse(action.address) && origins.includes(new URL(action.address).origin)))
    throw new Error('the link leads to an address that is not ours');
  const paragraphs = wording.paragraphs.map(withoutLinks);
  const text = [...paragraphs, ...(action ? [`${action.label}:\n${action.address}`] : []), `-- \n${closing}`].join(
    '\n\n',
  );
  return { subject, text: `${text}\n`, html: page(subject, paragraphs, action) };
}

const paragraphStyle = 'margin:0 0 16px;font-size:16px;line-height:1.5';

function page(subject: string, paragraphs: string[], action: Wording['action']): string {
  const words = paragraphs.map((paragraph) => `<p style="${paragraphStyle}">${escaped(paragraph)}</p>`);
  if (action) {
    const address = escaped(action.address);
    words.push(
      `<p style="margin:24px 0"><a href="${address}" style="display:inline-block;padding:12px 20px;background:#005ea2;color:#ffffff;border-radius:4px;font-weight:700;text-decoration:none">${escaped(action.label)}</a></p>`,
      `<p style="${paragraphStyle}">If the button does not work, copy this address into your browser:<br><span style="word-break:break-all">${address}</span></p>`,
    );
  }
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(subject)}</title></head>
<body style="margin:0;padding:24px;background:#ffffff;color:#1b1b1b;font-family:'Source Sans Pro',Helvetica,Arial,sans-serif">
<div style="max-width:560px;margin:0 auto">
<p style="margin:0 0 24px;padding:0 0 12px;border-bottom:1px solid #dfe1e2;font-weight:700">EdLink Security</p>
${words.join('\n')}
<p style="margin:32px 0 0;padding:12px 0 0;border-top:1px solid #dfe1e2;font-size:14px;color:#565c65">${escaped(closing)}</p>
</div>
</body>
</html>
`;
}
