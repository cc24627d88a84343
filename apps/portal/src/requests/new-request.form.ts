import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsIn, IsOptional, IsUUID, Length, Matches, MaxLength } from 'class-validator';

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

  /** Made with the page: the same page sent twice is one request. */
  @IsUUID()
  formKey!: string;
}
