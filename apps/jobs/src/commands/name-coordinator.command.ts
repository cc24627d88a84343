import { Command, CommandRunner, Option } from 'nest-commander';
import { Appointments, type Reach, StatementService } from '#coordinators';
import { kernelProblems, systemActor } from '#kernel';
import { StaffService } from '#staff';
import { Terminal } from '../terminal.js';

interface Options {
  reach: Reach;
  places?: string[];
  application?: string;
}

/** `name-coordinator STAFF_ID`: the first people who decide; without them an installation's requests wait for nobody. */
@Command({
  name: 'name-coordinator',
  arguments: '<staff-id>',
  argsDescription: { 'staff-id': '10-digit Staff ID of a person in the staff records' },
  description: 'name a security coordinator, or somebody at the state desk',
})
export class NameCoordinatorCommand extends CommandRunner {
  constructor(
    private readonly staff: StaffService,
    private readonly appointments: Appointments,
    private readonly statements: StatementService,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run([staffId]: string[], { reach, places = [], application }: Options): Promise<void> {
    const person = await this.staff.memberByStaffId(staffId!);
    if (!person)
      throw kernelProblems.notFound('Nobody has this Staff ID. Import the staff file first, or check the number.');
    if (reach === 'system' && places.length !== 1)
      throw kernelProblems.badInput('Name one school system: --places 001');
    const scope = reach === 'system' ? { systemCode: places[0] } : { siteCodes: places };
    await this.appointments.designate(systemActor, { staffMemberId: person.id, reach, application, ...scope });
    const where = reach === 'state' ? 'at the state desk' : `for ${places.join(', ')}`;
    this.terminal.line(
      `${person.firstName} ${person.lastName} decides ${where} from today${application ? `, for ${application} only` : ''}.`,
    );
    const account = (await this.staff.accountsOf([person.id])).size > 0;
    if (!account)
      this.terminal.line(
        'This person has no linked account yet: requests pass them by until they have registered and linked the Staff ID.',
      );
    if (!(await this.statements.inForce(person.id)))
      this.terminal.line(
        'This person has not signed the confidentiality statement for this year: requests pass them by until they sign it in the portal, under "Statement".',
      );
  }

  @Option({ flags: '--reach <reach>', description: 'state, system, group or site', required: true })
  reach(text: string): string {
    return text;
  }

  @Option({
    flags: '--places <codes>',
    description: 'code of the system or site; for a group the codes of its sites, comma separated',
  })
  places(text: string): string[] {
    return text.split(',').map((code) => code.trim());
  }

  @Option({ flags: '--application <code>', description: 'limit to one application of the catalogue' })
  application(text: string): string {
    return text;
  }
}
