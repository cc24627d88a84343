import type { FactoryProvider } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { SETTINGS } from '#kernel';
import type { Settings } from '#settings';
import { ClientsFault, readClients } from './relying-clients.js';

/** Injection token of the installation's clients. */
export const RELYING_CLIENTS = Symbol('relying clients');

/** Reads config/clients.yaml at start and checks its applications against the catalogue. */
export const relyingClients: FactoryProvider = {
  provide: RELYING_CLIENTS,
  inject: [SETTINGS, CatalogService],
  useFactory: (settings: Settings, catalog: CatalogService) => {
    const clients = readClients(settings);
    const known = new Set(catalog.applications().map((application) => application.code));
    const faults = clients.flatMap((client) =>
      client.applications
        .filter((code) => !known.has(code))
        .map((code) => `${client.id}: the catalogue has no application "${code}"`),
    );
    if (faults.length) throw new ClientsFault(faults);
    return clients;
  },
};
