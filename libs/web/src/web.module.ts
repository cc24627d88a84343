import { type DynamicModule, Global, Module, type Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, DiscoveryModule } from '@nestjs/core';
import { AccessGuard } from './access.js';
import { WEB_OPTIONS, type WebOptions } from './options.js';
import { Pages } from './pages.js';
import { ProblemFilter } from './problem.filter.js';
import { RepeatInterceptor } from './repeat.interceptor.js';
import { RepeatedForms } from './repeated-forms.js';

/** Pages, the access guard and the problem filter for one app. */
@Global()
@Module({})
export class WebModule {
  /** @param inject what `options` is made from; the providers must be global or imported */
  static with(wiring: {
    inject: unknown[];
    imports?: DynamicModule['imports'];
    options: (...parts: never[]) => WebOptions;
  }): DynamicModule {
    const options: Provider = {
      provide: WEB_OPTIONS,
      inject: wiring.inject as never[],
      useFactory: wiring.options as never,
    };
    return {
      module: WebModule,
      imports: [DiscoveryModule, ...(wiring.imports ?? [])],
      providers: [
        options,
        Pages,
        RepeatedForms,
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_INTERCEPTOR, useClass: RepeatInterceptor },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
      exports: [WEB_OPTIONS, Pages, DiscoveryModule],
    };
  }
}
