import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsIn, IsOptional, IsUUID, Length, Matches, MaxLength } from 'class-validator';

const code = /^[a-z0-9][a-z0-9-]{0,80}$/;

/** The check page, sent: shape only. */
export class NewRequestForm {
  @Matches(code)
  application!: string;

  @Matches(code)
  role!: string;

  @Transform(({ value }) => ([] as unknown[]).concat(value ?? []))
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @Matches(code, { each: true })
  permission!: string[];

  @IsIn(['system', 'site'])
  level!: 'system' | 'site';

  @Length(1, 30)
  code!: string;

  @IsOptional()
  @MaxLength(2000, { message: 'Write at most 2,000 characters' })
  why?: string;

  /** Made with the page: the same page sent twice is one request. */
  @IsUUID()
  formKey!: string;
}
