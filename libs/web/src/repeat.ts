import { SetMetadata } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';

const repeatKey = 'web.repeat';

/**
 * What becomes of a POST that comes again with the same form key.
 *
 * - `once`: the POST is one transaction with its key in it; verbs join. Redirects are kept and repeated for a day. Anything else
 *   (a page of faults, a page that only shows what would happen, a problem) undoes all of it, so the form may be sent again.
 *   For everything that does not say why it cannot.
 * - `own`: the verbs keep transactions of their own, because a failed try has to count or each of many stands by itself.
 *   A redirect is kept after the deed; whatever the verb is asked a second time before that, it answers as the first time.
 * - `harmless`: doing it twice is the same as doing it once; forms need no key.
 */
export type RepeatWay = 'once' | 'own' | 'harmless';

/** Declares beside each `@Post` what a repetition does. An app with keyed forms does not start without it. */
export const Repeat = (way: RepeatWay): MethodDecorator => SetMetadata(repeatKey, way);

export const repeatOf = (reflector: Reflector, handler: object): RepeatWay | undefined =>
  reflector.get<RepeatWay | undefined>(repeatKey, handler as never);
