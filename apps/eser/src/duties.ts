/** One thing people do in this application, and the permission it needs. Codes are those of the catalogue. */
export interface Duty {
  path: string;
  title: string;
  about: string;
  application: string;
  role: string;
  permission: string;
  /** The permission's name in people's words, as they find it when they ask for it. */
  permissionName: string;
}

const duty = (
  path: string,
  title: string,
  about: string,
  application: string,
  role: string,
  permission: string,
  permissionName: string,
): Duty => ({
  path,
  title,
  about,
  application,
  role,
  permission,
  permissionName,
});

export const duties: Duty[] = [
  duty(
    'records',
    'Student records',
    'Look at the special education records of students.',
    'ser',
    'ser-data',
    'ser-data-reader',
    'SER Data Reader',
  ),
  duty(
    'edit-records',
    'Change student records',
    'Enter and change special education records.',
    'ser',
    'ser-data',
    'ser-data-writer',
    'SER Data Writer',
  ),
  duty(
    'lasid',
    'Correct a LASID',
    'Change the secure id of a student.',
    'ser',
    'ser-lasid',
    'ser-lasid-writer',
    'SER LASID Writer',
  ),
  duty(
    'write-iep',
    'Write an IEP',
    'Write an individualized education program.',
    'ser-iep-form',
    'iep-form',
    'iep-form-writer',
    'IEP Form Writer',
  ),
  duty(
    'approve-iep',
    'Make an IEP official',
    'Approve an individualized education program.',
    'ser-iep-form',
    'iep-form',
    'iep-form-approver',
    'IEP Form Approver',
  ),
];

/** Where a person asks for what a duty needs, with the choice made already. */
export function requestAddress(portal: string, { application, role, permission }: Duty): string {
  return `${portal}/requests/new?${new URLSearchParams({ application, role, permission }).toString()}`;
}
