import { Migration } from '@mikro-orm/migrations';

export class M06Accounts extends Migration {
  override up(): void {
    this.addSql(`create table account (
      id uuid primary key,
      user_name text not null,
      user_name_key text not null,
      first_name text not null,
      last_name text not null,
      email text not null,
      email_key text not null,
      email_version int not null default 1,
      password_hash text null,
      password_version int not null default 1,
      password_changed_at timestamptz null,
      status text not null,
      sessions_ended_at timestamptz not null default '1970-01-01 00:00:00+00'::timestamptz,
      signed_in_at timestamptz not null default '1970-01-01 00:00:00+00'::timestamptz,
      created_at timestamptz not null)`);
    this.addSql(`alter table account add constraint account_user_name_key_unique unique (user_name_key)`);
    this.addSql(`alter table account add constraint account_email_key_unique unique (email_key)`);

    this.addSql(`create table registration (
      id uuid primary key,
      user_name text not null,
      first_name text not null,
      last_name text not null,
      email text not null,
      email_key text not null,
      password_hash text not null,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      confirmed_at timestamptz null)`);
    this.addSql(`create index registration_email_key_index on registration (email_key)`);

    this.addSql(`create table address_change (
      id uuid primary key,
      account_id uuid not null,
      old_email text not null,
      new_email text not null,
      new_email_key text not null,
      email_version int not null,
      asked_at timestamptz not null,
      done_at timestamptz null,
      stopped_at timestamptz null)`);
    this.addSql(
      `alter table address_change add constraint address_change_account_id_foreign foreign key (account_id) references account (id)`,
    );
    this.addSql(`create index address_change_account_id_index on address_change (account_id)`);

    this.addSql(`create table mail_link (
      id uuid primary key,
      token_hash char(64) not null,
      purpose text not null,
      account_id uuid null,
      registration_id uuid null,
      address_change_id uuid null,
      email text not null,
      email_version int not null,
      password_version int not null,
      made_at timestamptz not null,
      expires_at timestamptz not null,
      used_at timestamptz null,
      proof_hash char(64) null,
      proof_expires_at timestamptz null,
      finished_at timestamptz null)`);
    this.addSql(`alter table mail_link add constraint mail_link_token_hash_unique unique (token_hash)`);
    this.addSql(`alter table mail_link add constraint mail_link_proof_hash_unique unique (proof_hash)`);
    this.addSql(
      `alter table mail_link add constraint mail_link_account_id_foreign foreign key (account_id) references account (id)`,
    );
    this.addSql(
      `alter table mail_link add constraint mail_link_registration_id_foreign foreign key (registration_id) references registration (id)`,
    );
    this.addSql(
      `alter table mail_link add constraint mail_link_address_change_id_foreign foreign key (address_change_id) references address_change (id)`,
    );
    this.addSql(`create index mail_link_account_id_index on mail_link (account_id)`);

    this.addSql(`create table attempt_counter (
      key text primary key,
      count int not null,
      not_before timestamptz not null,
      window_ends_at timestamptz not null)`);
  }
}
