import { Injectable, Logger } from '@nestjs/common';
import { days, hours, networkOf, sha256 } from '#kernel';
import { Limits } from './limits.js';
import { mailboxKey } from './mail-address.js';

/** How many mails strangers can make us send (RS-8). Who is over the limit gets the same answer, and no mail. */
@Injectable()
export class MailLimits {
  private readonly log = new Logger('mail');

  constructor(private readonly limits: Limits) {}

  /** 20 wishes an hour from one network. Counted on its own, before any work. */
  fromSource(address: string | undefined): Promise<boolean> {
    return this.limits.take(`mail:network:${networkOf(address)}`, { count: 20, within: hours(1) });
  }

  /**
   * 3 an hour and 10 a day to one mailbox, 2,000 an hour in all. Counted in the caller's transaction. Of the 3 and 10 all
   * but a reset gets 2 and 5: whoever types somebody's address elsewhere must not use up their way back in.
   * @param to an address, or any text people type to be found by: both are counted alike
   */
  async to(to: string, reason: 'reset' | 'other'): Promise<boolean> {
    const mailbox = sha256(mailboxKey(to));
    if (reason === 'other') {
      if (!(await this.limits.take(`mail:other-hour:${mailbox}`, { count: 2, within: hours(1) }))) return false;
      if (!(await this.limits.take(`mail:other-day:${mailbox}`, { count: 5, within: days(1) }))) return false;
    }
    if (!(await this.limits.take(`mail:hour:${mailbox}`, { count: 3, within: hours(1) }))) return false;
    if (!(await this.limits.take(`mail:day:${mailbox}`, { count: 10, within: days(1) }))) return false;
    const sent = await this.limits.take('mail:everywhere', { count: 2000, within: hours(1) });
    if (!sent)
      this.log.error('2,000 mails asked for by strangers within an hour: no more are sent until the hour is over');
    return sent;
  }

  /** One "you have an account already" an hour (EN-3). */
  reminder(to: string): Promise<boolean> {
    return this.limits.take(`mail:reminder:${sha256(mailboxKey(to))}`, { count: 1, within: hours(1) });
  }
}
