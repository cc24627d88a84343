import { IsNotEmpty, IsString } from 'class-validator';

export class ForgotForm {
  @IsString({ message: 'Type your user name or e-mail address.' })
  @IsNotEmpty({ message: 'Type your user name or e-mail address.' })
  name!: string;
}

export class NewPassphraseForm {
  @IsString({ message: 'Choose a passphrase.' })
  passphrase!: string;
}
