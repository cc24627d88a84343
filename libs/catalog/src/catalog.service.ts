import type { Application, ApprovalStep, Permission, Role } from './application.js';
import { catalogProblems } from './problems.js';

/** The catalogue as it was read at start. */
export class CatalogService {
  private readonly byCode: Map<string, Application>;

  constructor(private readonly all: Application[]) {
    this.byCode = new Map(all.map((application) => [application.code, application]));
  }

  /** All applications, in the order of the file. */
  applications(): Application[] {
    return this.all;
  }

  /** @throws catalog.unknown-application (422) */
  application(code: string): Application {
    const application = this.byCode.get(code);
    if (!application)
      throw catalogProblems.unknownApplication('This application is not in the catalogue. Choose one from the list.');
    return application;
  }

  /** @throws catalog.unknown-application, catalog.unknown-role (422) */
  role(application: string, role: string): Role {
    const found = this.application(application).roles.find(({ code }) => code === role);
    if (!found)
      throw catalogProblems.unknownRole(
        `${this.application(application).name} does not offer this role. Choose one from the list.`,
      );
    return found;
  }

  /** @throws catalog.unknown-application, catalog.unknown-role, catalog.unknown-permission (422) */
  permission(application: string, role: string, permission: string): Permission {
    const found = this.role(application, role).permissions.find(({ code }) => code === permission);
    if (!found)
      throw catalogProblems.unknownPermission(
        `The role ${this.role(application, role).name} does not hold this permission. Choose one from the list.`,
      );
    return found;
  }

  /** The lesser permissions that may be given instead of one; none for what left the catalogue. */
  lesser(application: string, role: string, permission: string): Permission[] {
    const offered = this.byCode.get(application)?.roles.find(({ code }) => code === role)?.permissions ?? [];
    const includes = offered.find(({ code }) => code === permission)?.includes ?? [];
    return offered.filter(({ code }) => includes.includes(code));
  }

  /** The steps a role is approved in; the coordinators alone for what left the catalogue. */
  approvalOf(application: string, role: string): ApprovalStep[] {
    const known = this.byCode.get(application);
    return known?.roles.find(({ code }) => code === role)?.approval ?? known?.approval ?? ['coordinator'];
  }

  /** Names to show for codes that were stored; an entry that left the catalogue shows its code. */
  names(application: string): { application: string };
  names(application: string, role: string): { application: string; role: string };
  names(
    application: string,
    role: string,
    permission: string,
  ): { application: string; role: string; permission: string };
  names(
    application: string,
    role?: string,
    permission?: string,
  ): { application: string; role?: string; permission?: string } {
    const known = this.byCode.get(application);
    const knownRole = known?.roles.find(({ code }) => code === role);
    return {
      application: known?.name ?? application,
      role: knownRole?.name ?? role,
      permission: knownRole?.permissions.find(({ code }) => code === permission)?.name ?? permission,
    };
  }
}
