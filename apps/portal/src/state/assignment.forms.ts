import { Transform } from 'class-transformer';
import { Equals, IsHexadecimal, IsOptional, IsString, IsUUID, Length, MaxLength } from 'class-validator';
import { FormDay } from '../parts/form-day.js';

/** An empty field counts as not filled in. */
const orNothing = Transform(({ value }) => (value === '' ? undefined : (value as unknown)));

/** The state office ends an assignment, now or on a day to come. */
export class EndAssignmentForm {
  /** The page says the last day, the library counts the day after. */
  @IsOptional()
  @orNothing
  @FormDay('Choose a day, or leave it empty to end it now')
  endDay?: string;

  @IsString({ message: 'Write why; the person reads it' })
  @Length(1, 2000, { message: 'Write why, at most 2,000 characters; the person reads it' })
  reason!: string;

  /** The state desk stands in when nobody is left. */
  @IsOptional()
  @Equals('yes')
  takeOver?: 'yes';

  @IsOptional()
  @IsHexadecimal()
  @MaxLength(128)
  planHash?: string;
}

/** The state office names who stands in for somebody who is away. */
export class AssignmentCoverForm {
  @IsUUID(undefined, { message: 'Choose who stands in' })
  staffMemberId!: string;

  @FormDay('Choose the first day')
  fromDay!: string;

  /** The last day away; the page says so, the library counts the day after. */
  @FormDay('Choose the last day')
  lastDay!: string;

  @IsOptional()
  @IsHexadecimal()
  @MaxLength(128)
  planHash?: string;
}
