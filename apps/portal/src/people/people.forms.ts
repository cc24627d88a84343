import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsIn, IsOptional, IsUUID, Length } from 'class-validator';
import { FormDay } from '../parts/form-day.js';

/** Ends somebody's employment; without a last day at once. */
export class EndPersonForm {
  @IsOptional()
  @Transform(({ value }) => (value === '' ? undefined : (value as unknown)))
  @FormDay('Choose a day of the calendar, or leave it empty to end it at once')
  lastDay?: string;

  @Length(1, 2000, { message: 'Say why in 1 to 2,000 characters; the person reads it' })
  reason!: string;
}

/** Takes one permission away, or lets it rest. */
export class WhyForm {
  @Length(1, 500, { message: 'Say why in 1 to 500 characters; the person reads it' })
  reason!: string;
}

/** Lets one permission go on. */
export class UntilForm {
  @FormDay('Choose the last day')
  lastDay!: string;
}

/** Lets ticked permissions go on. */
export class RenewForm {
  @Transform(({ value }) => ([] as unknown[]).concat(value ?? []))
  @ArrayMinSize(1, { message: 'Tick what is to go on' })
  @ArrayMaxSize(100, { message: 'Tick at most 100 at a time' })
  @IsUUID(undefined, { each: true })
  grant: string[] = [];

  @FormDay('Choose the last day')
  lastDay!: string;
}

/** The second person's word about a staff file. */
export class StaffFileForm {
  @IsUUID()
  id!: string;

  @IsIn(['confirmed', 'refused'])
  answer!: 'confirmed' | 'refused';
}
