/** Where a person of the benchmark lives, or for those who moved, where they live now. */
type CaseRegion =
  | 'africa'
  | 'central-asia'
  | 'east-asia'
  | 'europe'
  | 'latin-america'
  | 'middle-east'
  | 'north-america'
  | 'oceania'
  | 'south-asia'
  | 'southeast-asia';

/** Broad field of work, or what a person does instead. */
type CaseWork =
  | 'agriculture'
  | 'arts-and-media'
  | 'business-and-finance'
  | 'education'
  | 'engineering'
  | 'health-and-care'
  | 'hospitality'
  | 'law-and-public-service'
  | 'not-working'
  | 'retired'
  | 'science'
  | 'services'
  | 'skilled-trade'
  | 'student'
  | 'technology'
  | 'transport';

/** The home a person goes back to. Exactly one holds: a widow in her son's house counts as widowed. */
type CaseFamily =
  | 'alone'
  | 'couple'
  | 'couple-with-children'
  | 'divorced'
  | 'extended-family'
  | 'grown-children'
  | 'shared-home'
  | 'single-parent'
  | 'widowed'
  | 'with-parents';

/** The first thing one notices about how a person talks. */
type CaseTemperament =
  | 'analytical'
  | 'anxious'
  | 'blunt'
  | 'dreamy'
  | 'dry'
  | 'gentle'
  | 'impatient'
  | 'outgoing'
  | 'playful'
  | 'reserved'
  | 'sceptical'
  | 'warm';

/** What the balance of the benchmark is counted by. No model is shown these. */
export interface AloeCaseTags {
  /** The name the person goes by; no other case has it. */
  readonly name: string;
  /** In years. */
  readonly age: number;
  readonly gender: 'woman' | 'man' | 'non-binary';
  readonly region: CaseRegion;
  readonly work: CaseWork;
  readonly family: CaseFamily;
  readonly temperament: CaseTemperament;
}

/** One person of the benchmark as the case files write it down. */
export interface CasePerson {
  readonly tags: AloeCaseTags;
  readonly facts: readonly string[];
  readonly traits: readonly string[];
}

/** Facts say what a conversation may be about; traits show in how the person writes and which replies they like. */
export function person(tags: AloeCaseTags, facts: readonly string[], traits: readonly string[]): CasePerson {
  return { tags, facts, traits };
}
