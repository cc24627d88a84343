import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { Settings } from '#settings';
import { Changes } from './changes.js';
import { Clock } from './clock.js';

/** Injection token of the installation's settings. */
export const SETTINGS = Symbol('settings');

/** What a test may put in the place of the real thing. */
export interface Override {
  clock?: Clock;
}

/** Settings, clock and the announcing of changes, for every lib. */
@Global()
@Module({})
export class KernelModule {
  static with(settings: Settings, override: Override = {}): DynamicModule {
    return {
      module: KernelModule,
      providers: [
        { provide: Clock, useFactory: () => override.clock ?? new Clock() },
        { provide: SETTINGS, useValue: settings },
        Changes,
      ],
      exports: [Clock, SETTINGS, Changes],
    };
  }
}
