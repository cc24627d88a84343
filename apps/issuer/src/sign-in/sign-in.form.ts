import { IsNotEmpty, IsString } from 'class-validator';

export class SignInForm {
  @IsString({ message: 'Type your user name or e-mail address.' })
  @IsNotEmpty({ message: 'Type your user name or e-mail address.' })
  name!: string;

  @IsString({ message: 'Type your passphrase.' })
  @IsNotEmpty({ message: 'Type your passphrase.' })
  passphrase!: string;
}
