import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { Settings } from '#settings';
import { Clock } from './clock.js';

/** Injection token of the installation's settings. */
export const SETTINGS = Symbol('settings');

/** Settings and clock, for every lib. */
@Global()
@Module({})
export class KernelModule {
  static with(settings: Settings): DynamicModule {
    return {
      module: KernelModule,
      providers: [Clock, { provide: SETTINGS, useValue: settings }],
      exports: [Clock, SETTINGS],
    };
  }
}
