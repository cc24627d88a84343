import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsIn, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import type { Wish } from '#requests';
import { FormDay } from '../parts/form-day.js';

const orNothing = Transform(({ value }) => (value === '' ? undefined : (value as unknown)));
const listed = Transform(({ value }) => ([] as unknown[]).concat(value ?? []));
const code = '[a-z0-9][a-z0-9-]{0,80}';

/** What a coordinator enters for somebody. Whether it is offered and where, the library says. */
export class NewProposalForm {
  @IsString({ message: 'Type the Staff ID' })
  @Matches(/^\s*\d{10}\s*$/, { message: 'A Staff ID has 10 digits' })
  staffId!: string;

  /** `application:role:permission` */
  @listed
  @ArrayMinSize(1, { message: 'Tick what the person needs' })
  @ArrayMaxSize(60)
  @Matches(new RegExp(`^${code}:${code}:${code}$`), { each: true, message: 'Tick what the person needs' })
  permission!: string[];

  /** `site:001005` */
  @listed
  @ArrayMinSize(1, { message: 'Tick where the person needs it' })
  @ArrayMaxSize(60)
  @Matches(/^(site|system):[0-9A-Z][0-9A-Z-]{0,29}$/, { each: true, message: 'Tick where the person needs it' })
  place!: string[];

  @IsOptional()
  @MaxLength(2000, { message: 'Write at most 2,000 characters' })
  why?: string;

  /** The last day; the library counts the day after. */
  @IsOptional()
  @orNothing
  @FormDay('Choose the last day as a date, or leave it empty')
  until?: string;

  /** Made with the page: the same page sent twice is one entry. */
  @IsUUID()
  formKey!: string;
}

/** The person says yes. */
export class ConfirmProposalForm {
  @IsOptional()
  @IsIn(['yes'])
  mayNarrow?: string;
}

/** The person says no. */
export class DeclineProposalForm {
  @IsOptional()
  @MaxLength(2000, { message: 'Write at most 2,000 characters' })
  reason?: string;
}

/** Each role at each place. @param period for how long */
export function proposedWishes(
  { permission, place }: Pick<NewProposalForm, 'permission' | 'place'>,
  period: Pick<Wish, 'toDay'>,
): Wish[] {
  const roles = new Map<string, string[]>();
  for (const one of permission) {
    const [application, role, name] = one.split(':');
    const key = `${application}:${role}`;
    roles.set(key, [...(roles.get(key) ?? []), name!]);
  }
  return place.flatMap((one) => {
    const [level, at] = one.split(':');
    return [...roles].map(([key, permissions]) => {
      const [application, role] = key.split(':');
      const location = { level: level as 'site' | 'system', code: at! };
      return { application: application!, role: role!, permissions, location, ...period };
    });
  });
}
