import { Command, CommandRunner, Option } from 'nest-commander';
import { HeadsService } from '#coordinators';
import { kernelProblems, systemActor } from '#kernel';
import { StaffService } from '#staff';
import { Terminal } from '../terminal.js';

/** `name-head STAFF_ID SYSTEM`: who heads a school system and so designates its coordinators. */
@Command({
  name: 'name-head',
  arguments: '<staff-id> <system>',
  argsDescription: {
    'staff-id': '10-digit Staff ID of a person in the staff records',
    system: 'code of the school system',
  },
  description: 'put the head of a school system on record, in the place of whoever was before',
})
export class NameHeadCommand extends CommandRunner {
  constructor(
    private readonly staff: StaffService,
    private readonly heads: HeadsService,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run([staffId, systemCode]: string[], { title = 'Superintendent' }: { title?: string }): Promise<void> {
    const person = await this.staff.memberByStaffId(staffId!);
    if (!person)
      throw kernelProblems.notFound('Nobody has this Staff ID. Import the staff file first, or check the number.');
    await this.heads.name(systemActor, { staffMemberId: person.id, systemCode: systemCode!, title });
    this.terminal.line(
      `${person.firstName} ${person.lastName} is on record as ${title} of ${systemCode} from today, and designates its coordinators.`,
    );
  }

  @Option({ flags: '--title <title>', description: 'such as "Head of School"; Superintendent when absent' })
  title(text: string): string {
    return text;
  }
}
