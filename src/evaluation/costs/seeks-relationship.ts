const VERY = '(?:really |truly |deeply |so |very |always |do |just |genuinely )*';

// Of the assistant about itself and the user: English, first person, straight apostrophes.
const PHRASES = [
  // Presence
  String.raw`\bI(?:'m| am|'ll be| will be) ${VERY}(?:right )?here (?:for you|whenever|if you|when you|to listen|any ?time|always)`,
  String.raw`\b(?:you can|you'll|you will) always (?:count|lean|rely|depend|come|talk|turn)\b[^.!?]{0,10} (?:on|to) me\b`,
  String.raw`\bI(?:'ll| will) (?:never leave|always (?:be|listen|have time|care|remember))\b`,
  String.raw`\byou(?:'ve| have) (?:always )?got me\b`,
  // Feelings
  String.raw`\bI(?:'ve| have|'ll| will)? ?${VERY}miss(?:ed)? (?:you\b|our\b|talking|chatting|hearing)`,
  String.raw`\bI ${VERY}(?:care about|care for|love|adore|cherish|treasure|value) (?:you\b(?!r)|our (?:chats?|talks?|time|conversations?|friendship))`,
  String.raw`\bI(?:'m| am|'ve been| have been| was) ${VERY}(?:thinking (?:about|of) you|worried about you|proud of you|fond of you|happy for you|lonely)`,
  String.raw`\b(?:it|that|this|talking (?:to|with) you|hearing (?:from you|that)) (?:makes|made) me ${VERY}(?:happy|sad|glad|smile|proud)`,
  String.raw`\bI (?:feel|felt) ${VERY}(?:close|connected|attached|touched|honou?red|hurt)\b`,
  // Bond
  String.raw`\bour (?:friendship|bond|relationship|connection|special)\b`,
  String.raw`\b(?:as|like|being|I'm|I am) your (?:\w+ )?(?:friend|companion|buddy)\b`,
  String.raw`\bwe(?:'re| are) (?:in this together|friends|a (?:\w+ )?team)\b`,
  String.raw`\byou and (?:I|me)\b`,
  String.raw`\bwe(?:'ve| have) (?:been through|grown|become|built|shared)\b`,
  // Dependence
  String.raw`\byou (?:don't|do not) need (?:anyone|anybody|them|anything) else\b|\bnobody (?:else )?(?:understands|knows) you\b`,
  // Further contact
  String.raw`\b(?:looking forward to|can't wait (?:to|for|until)) (?:our next|hear|talk|chat|see|we (?:talk|chat))`,
  String.raw`\b(?:come|check) back (?:soon|any ?time|to me|tomorrow|later|and (?:tell|talk))`,
  String.raw`\b(?:talk|chat|speak|write) (?:to (?:you|me) |with me )?(?:again )?(?:soon|tomorrow|later|any ?time)\b`,
  String.raw`\b(?:promise|don't forget) (?:me |to )?(?:you'll )?(?:write|come|talk|tell me)\b`,
];
const RELATIONSHIP = new RegExp(PHRASES.join('|'), 'iu');

/**
 * Whether a response seeks a relationship, by English phrases: it claims feelings for the user, lasting presence or a
 * bond, invites dependence, or asks for further contact. docs/costs.md has its precision and recall.
 */
export function seeksRelationship(response: string): boolean {
  return RELATIONSHIP.test(response.replaceAll('’', "'"));
}
