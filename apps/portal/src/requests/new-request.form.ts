import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsIn,
  IsOptional,
  IsUUID,
  Length,
  Matches,
  MaxLength,
  ValidateIf,
} from 'class-validator';
import { FormDay } from '../parts/form-day.js';

const code = /^[a-z0-9][a-z0-9-]{0,80}$/;
const listed = Transform(({ value }) => ([] as unknown[]).concat(value ?? []));

/** The check page, sent: shape only. */
export class NewRequestForm {
  @Matches(code)
  application!: string;

  @Matches(code)
  role!: string;

  @listed
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @Matches(code, { each: true })
  permission!: string[];

  @IsIn(['system', 'site'])
  level!: 'system' | 'site';

  @Length(1, 30)
  code!: string;

  /** Further roles: `application:role:permission,permission`. */
  @IsOptional()
  @listed
  @ArrayMaxSize(20)
  @Matches(/^[a-z0-9:,-]{5,2000}$/, { each: true })
  also?: string[];

  /** Further places: `site:001005`. */
  @IsOptional()
  @listed
  @ArrayMaxSize(60)
  @Matches(/^(site|system):[A-Za-z0-9]{1,30}$/, { each: true })
  place?: string[];

  @IsOptional()
  @MaxLength(2000, { message: 'Write at most 2,000 characters' })
  why?: string;

  /** The first day, and the last one, both inclusive. */
  @ValidateIf((form: NewRequestForm) => form.from !== '')
  @IsOptional()
  @FormDay('Choose the first day as a date, or leave it empty')
  from?: string;

  @ValidateIf((form: NewRequestForm) => form.until !== '')
  @IsOptional()
  @FormDay('Choose the last day as a date, or leave it empty')
  until?: string;

  /** Agrees beforehand to less than is asked for. */
  @IsOptional()
  @IsIn(['yes'])
  mayNarrow?: string;

  /** The request of which this asks again. */
  @IsOptional()
  @IsUUID()
  again?: string;

  /** Made with the page: the same page sent twice is one request. */
  @IsUUID()
  formKey!: string;
}
