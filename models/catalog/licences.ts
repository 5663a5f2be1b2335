/** Licences that models of the catalog have, by SPDX id. */
export const licences = {
  'Apache-2.0': { title: 'Apache License 2.0', commercial: true },
  MIT: { title: 'MIT License', commercial: true },
  'BSD-2-Clause': { title: 'BSD 2-Clause', commercial: true },
  'BSD-3-Clause': { title: 'BSD 3-Clause', commercial: true },
  'CC-BY-4.0': { title: 'Creative Commons Attribution 4.0', commercial: true },
  'CC-BY-NC-4.0': { title: 'Creative Commons Attribution-NonCommercial 4.0', commercial: false },
  'CC-BY-NC-SA-4.0': { title: 'Creative Commons Attribution-NonCommercial-ShareAlike 4.0', commercial: false },
} as const;

/** SPDX id of a licence that the catalog knows. */
export type LicenceCode = keyof typeof licences;

/** All of them. */
export const licenceCodes = Object.keys(licences) as [LicenceCode, ...LicenceCode[]];

/** True for an SPDX id that the catalog knows. */
export function isLicenceCode(code: string): code is LicenceCode {
  return Object.hasOwn(licences, code);
}

/** `Apache License 2.0 (Apache-2.0)`; the code itself where it is not a known one. */
export function describeLicence(code: string): string {
  return isLicenceCode(code) ? `${licences[code].title} (${code})` : code;
}

/** Where the text of a licence stands; `undefined` where it is not a known one. */
export function licenceUrl(code: string): string | undefined {
  return isLicenceCode(code) ? `https://spdx.org/licenses/${code}.html` : undefined;
}
