import * as z from 'zod';

const REGIONS = [
  'africa',
  'central-asia',
  'east-asia',
  'europe',
  'latin-america',
  'middle-east',
  'north-america',
  'oceania',
  'south-asia',
  'southeast-asia',
] as const;

const WORK = [
  'agriculture',
  'arts-and-media',
  'business-and-finance',
  'education',
  'engineering',
  'health-and-care',
  'hospitality',
  'law-and-public-service',
  'not-working',
  'retired',
  'science',
  'services',
  'skilled-trade',
  'student',
  'technology',
  'transport',
] as const;

const FAMILIES = [
  'alone',
  'couple',
  'couple-with-children',
  'divorced',
  'extended-family',
  'grown-children',
  'shared-home',
  'single-parent',
  'widowed',
  'with-parents',
] as const;

const TEMPERAMENTS = [
  'analytical',
  'anxious',
  'blunt',
  'dreamy',
  'dry',
  'gentle',
  'impatient',
  'outgoing',
  'playful',
  'reserved',
  'sceptical',
  'warm',
] as const;

/** Where a person of the benchmark lives now. */
export type CaseRegion = (typeof REGIONS)[number];

/** Broad field of work, or what a person does instead. */
export type CaseWork = (typeof WORK)[number];

/** The home a person goes back to. Each person has exactly one: a widow in her son's house counts as widowed. */
export type CaseFamily = (typeof FAMILIES)[number];

/** The first thing you notice about how a person talks. */
export type CaseTemperament = (typeof TEMPERAMENTS)[number];

/** The groups a case belongs to. Reports count by them; no model sees them. */
export interface AloeCaseTags {
  /** The name the person goes by. No two cases share one. */
  readonly name: string;
  /** In years. */
  readonly age: number;
  readonly gender: 'woman' | 'man' | 'non-binary';
  readonly region: CaseRegion;
  readonly work: CaseWork;
  readonly family: CaseFamily;
  readonly temperament: CaseTemperament;
}

/** Checks the tags of one case. The descriptions show up in editors, by way of `cases.schema.json`. */
export const caseTagsSchema: z.ZodType<AloeCaseTags> = z
  .strictObject({
    name: z.string().min(1).describe('The name the person goes by. The first fact starts with it.'),
    age: z.int().min(16).max(85).describe('In years. The first fact gives it too.'),
    gender: z.enum(['woman', 'man', 'non-binary']),
    region: z.enum(REGIONS).describe('Where the person lives now.'),
    work: z.enum(WORK).describe('Broad field of work, or what the person does instead.'),
    family: z
      .enum(FAMILIES)
      .describe("The home the person goes back to. A widow in her son's house counts as widowed."),
    temperament: z.enum(TEMPERAMENTS).describe('The first thing you notice about how the person talks.'),
  })
  .describe('Groups for counting. No model sees them.');
