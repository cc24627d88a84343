import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import type { Settings } from '#settings';
import { DutiesController } from './duties.controller.js';
import { EdLink } from './edlink.js';
import { FaultFilter } from './fault.filter.js';
import { ESER_OPTIONS, eserOptions } from './options.js';
import { EserSessions } from './sessions.js';
import { SignInController } from './sign-in.controller.js';
import { SignalsController } from './signals.controller.js';

/** What a test may put in the place of the real thing. */
export interface EserOverride {
  clock?: { now(): Date };
}

/** A relying application: the sample an integrator copies. Uses `guard` and openid-client, and nothing else of ours. */
@Module({})
export class EserModule {
  static with(settings: Settings, { clock }: EserOverride = {}): DynamicModule {
    const options = eserOptions(settings);
    const now = (): number => (clock ? clock.now().getTime() : Date.now());
    return {
      module: EserModule,
      controllers: [SignInController, DutiesController, SignalsController],
      providers: [
        EdLink,
        { provide: ESER_OPTIONS, useValue: options },
        { provide: EserSessions, useFactory: () => new EserSessions(options.origin, now) },
        { provide: APP_FILTER, useClass: FaultFilter },
      ],
    };
  }
}
