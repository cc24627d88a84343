import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsOptional, IsUUID, Length, Matches } from 'class-validator';
import { FormDay } from '../parts/form-day.js';

/** Naming a cover; `planHash` once the plan was seen. */
export class NewCoverForm {
  /** The assignment that is covered. */
  @IsUUID()
  for!: string;

  @IsUUID()
  person!: string;

  @FormDay('Choose the first day you are away')
  fromDay!: string;

  @FormDay('Choose the last day you are away')
  lastDay!: string;

  /** Empty: all that the assignment decides. */
  @IsOptional()
  @Matches(/^([a-z0-9][a-z0-9-]{0,80})?$/)
  application?: string;

  /** None: all sites of the assignment. */
  @IsOptional()
  @Transform(({ value }) => ([] as unknown[]).concat(value ?? []))
  @ArrayMaxSize(400)
  @Length(1, 30, { each: true })
  site?: string[];

  @IsOptional()
  @Matches(/^[0-9a-f]{1,128}$/)
  planHash?: string;
}
