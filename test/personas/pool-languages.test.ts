import { describe, expect, it } from 'vitest';
import { lexicalEmbedder } from '../../src/embeddings/lexical.ts';
import { InvalidOptionError } from '../../src/errors.ts';
import { PersonaPool } from '../../src/personas/persona-pool.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';

/** Two profiles and two personalities in each language, as a large language model writes them. */
const REPLIES: Readonly<
  Record<string, readonly [name: string, profiles: string[][], personalities: string[][]]>
> = {
  de: [
    'German',
    [
      [
        'Ist 58 Jahre alt und fährt seit dreißig Jahren die Fähre von Konstanz nach Meersburg',
        'Wohnt mit seiner Schwester im Haus der Eltern',
        'Hat nach einem Herzinfarkt das Rauchen aufgegeben',
        'Züchtet Tauben und fährt mit ihnen zu Ausstellungen',
        'Verdient genug, spart aber für ein neues Dach',
        'Singt im Kirchenchor den zweiten Bass',
      ],
      [
        'Ist eine 23-jährige Studentin der Statistik aus Leipzig',
        'Kellnert am Wochenende in einem veganen Café',
        'Lebt mit drei Leuten und einer Katze in einer Wohngemeinschaft',
        'Ist auf einem Ohr taub und trägt ein Hörgerät',
        'Läuft im Herbst ihren ersten Marathon',
        'Schickt jeden Monat Geld an die Großmutter in Hanoi',
      ],
    ],
    [
      [
        'Antwortet in halben Sätzen und ohne Punkt am Ende',
        'Fragt so lange nach, bis eine Zahl auf dem Tisch liegt',
        'Findet Komplimente verdächtig',
        'Lacht über trockene Bemerkungen und über sich selbst',
        'Wird ungeduldig, wenn jemand ausschweift',
      ],
      [
        'Erzählt gern von früher und verliert dabei den Faden',
        'Bedankt sich für jede Kleinigkeit',
        'Möchte erst getröstet und dann beraten werden',
        'Schreibt viele Smileys und entschuldigt sich dafür',
        'Merkt sich, was andere beschäftigt',
      ],
    ],
  ],
  es: [
    'Spanish',
    [
      [
        'Tiene 47 años y vive en un barrio de pescadores de Valparaíso',
        'Repara redes y motores en el puerto desde los quince años',
        'Crió solo a sus dos hijas, que ya estudian en Santiago',
        'Toca el bombo en una comparsa durante el carnaval',
        'Le duele la espalda y no quiere operarse',
        'Debe tres cuotas del bote a la cooperativa',
      ],
      [
        'Tiene 29 años y es enfermera en un hospital de Sevilla',
        'Comparte piso con una prima y un perro cojo',
        'Prepara las oposiciones por las noches',
        'Baila flamenco los jueves, aunque dice que mal',
        'Su padre conduce un taxi y la espera después del turno',
        'Quiere pasar un año en Dublín',
      ],
    ],
    [
      [
        'Responde con una broma antes de responder en serio',
        'No soporta que le den una lista cuando pide una opinión',
        'Escribe sin tildes y con prisa',
        'Se pone tierno cuando habla de su tierra',
        'Nunca pide perdón, pero cambia de tema',
      ],
      [
        'Pregunta por los motivos de todo y toma notas',
        'Agradece los ejemplos sacados de la vida diaria',
        'Se disculpa mucho y duda de sus decisiones',
        'Prefiere las frases cortas y los pasos claros',
        'Se alegra cuando el otro recuerda un detalle',
      ],
    ],
  ],
  fr: [
    'French',
    [
      [
        'A 66 ans et vit dans une ferme près de Rodez avec sa sœur',
        'Fait encore du fromage de brebis pour le marché du samedi',
        'A perdu deux doigts dans une presse à foin',
        'Joue à la pétanque avec les retraités du village',
        'Ne sait pas à qui laisser ses terres',
        'Écoute des romans policiers en trayant les brebis',
      ],
      [
        'A 19 ans et apprend la soudure à Saint-Nazaire',
        'Habite chez sa mère, qui travaille de nuit dans une clinique',
        'Dessine des mangas et les publie en ligne',
        'Est allergique aux arachides et le répète partout',
        'Met de côté un peu de chaque paie pour un scooter',
        'Fait du handball dans une équipe des quartiers nord',
      ],
    ],
    [
      [
        'Va droit au but et coupe les longues phrases des autres',
        'Aime qu’on lui tienne tête avec des arguments',
        'Se méfie des mots à la mode et des anglicismes',
        'Ne dit jamais merci deux fois',
        'Glisse une ironie dans une phrase sur trois',
      ],
      [
        'Raconte ses journées avec des détails de couleurs et d’odeurs',
        'A besoin d’être rassurée avant d’entendre un conseil',
        'Met des points de suspension partout…',
        'Se vexe quand la réponse est trop courte pour elle',
        'Change d’avis au milieu de la conversation',
      ],
    ],
  ],
  zh: [
    'Chinese',
    [
      [
        '今年五十二岁，在青岛的码头开吊车',
        '和妻子住在单位分的老房子里',
        '女儿在广州读研究生，每周日视频',
        '腰不好，每天早上去海边游泳',
        '退休以后想开一家小面馆',
        '攒了三年钱，准备换一辆电动车',
      ],
      [
        '今年24岁，在昆明一家花卉公司做质检员',
        '从小由外婆带大，父母在外地打工',
        '晚上自学日语，打算考二级',
        '养了两只仓鼠，一只叫豆豆',
        '对花粉过敏，上班要戴口罩',
        '喜欢骑车去滇池看日落',
      ],
    ],
    [
      [
        '说话直来直去，不爱绕弯子',
        '回消息很短，常常只有两三个字',
        '听到套话就会不耐烦',
        '喜欢别人给出一个明确的答案',
        '开玩笑的时候从来不笑',
      ],
      [
        '爱用波浪号和表情，一句话分三条发',
        '做决定之前要问好几个人',
        '怕给别人添麻烦，总是先道歉',
        '听到故事比听到道理更容易明白',
        '被记住小事的时候会特别开心',
      ],
    ],
  ],
};

describe.each(Object.entries(REPLIES))('a pool in %s', (language, [name, profiles, personalities]) => {
  const model = scriptedModel((request) =>
    JSON.stringify({
      [request.outputSchema!.name]: request.outputSchema!.name === 'profiles' ? profiles : personalities,
    }),
  );
  const grown = PersonaPool.grow({
    model,
    embedder: lexicalEmbedder(),
    language,
    profiles: 2,
    personalities: 2,
    entriesPerCall: 2,
    callsPerWave: 1,
  });

  it('has the entries of the model alone, and refuses none', async () => {
    const pool = await grown;
    expect(pool.profiles.map(({ facts }) => facts)).toEqual(profiles);
    expect(pool.personalities.map(({ traits }) => traits)).toEqual(personalities);
    expect(pool.growth!.outcomes.profiles).toMatchObject({ stopped: 'target', flawed: [], discarded: [] });
    expect(pool.data.language).toBe(language);
  });

  it('asks for the language, and shows English seeds as examples', async () => {
    await grown;
    for (const { request } of model.calls) {
      expect(request.messages.at(-1)!.content).toContain(` in ${name}, as a native speaker would`);
      expect(request.messages.at(-1)!.content.match(/^\[/gm)).toHaveLength(5);
    }
    expect((await grown).growth!.prompts.profiles).toBe('profile-generation@2');
  });

  it('refuses an entry in English', async () => {
    const english = [
      'Is a 41-year-old baker from Cork and works nights with his brother',
      'Has a dog that sleeps on the flour sacks',
      'Never eats bread when he is at home with the family',
    ];
    const pool = await PersonaPool.grow({
      model: scriptedModel((request) => JSON.stringify({ [request.outputSchema!.name]: [english] })),
      embedder: lexicalEmbedder(),
      language,
      profiles: 3,
      personalities: 2,
      seeds: {
        profiles: profiles.map((facts, index) => ({ id: `p${index}`, facts })),
        personalities: personalities.map((traits, index) => ({ id: `t${index}`, traits })),
      },
      maxCalls: 1,
    });
    expect(pool.size).toEqual({ profiles: 2, personalities: 2 });
    expect(pool.growth!.outcomes.profiles.flawed).toMatchObject([{ statements: english, flaw: 'language' }]);
  });
});

it('refuses a language that there is none of, before a call', async () => {
  const model = scriptedModel('');
  const growth = PersonaPool.grow({ model, embedder: lexicalEmbedder(), language: 'Klingonish' });
  await expect(growth).rejects.toThrow(InvalidOptionError);
  expect(model.calls).toHaveLength(0);
});
