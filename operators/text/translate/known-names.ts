import { languageTable, type TableRow, tableLanguages } from './language-table.js';

/** Places that languages call by names of their own, as `languageTable`. Written for this project. */
const places = `
Africa; Afrique; África; Afrika
Alps; Alpes; Alpes; Alpen
Amazon; Amazone|Amazonie; Amazonas; Amazonas
America|USA|US|States; Amérique|États-Unis; América|Estados Unidos; Amerika|USA
Antwerp; Anvers; Amberes; Antwerpen
Arctic; Arctique; Ártico; Arktis
Asia; Asie; =; Asien
Athens; Athènes; Atenas; Athen
Atlantic; Atlantique; Atlántico; Atlantik
Australia; Australie; =; Australien
Austria; Autriche; =; Österreich
Barcelona; Barcelone; =; =
Basel; Bâle; Basilea; =
Bavaria; Bavière; Baviera; Bayern
Beijing|Peking; Pékin|Beijing; Pekín|Beijing; Peking
Belgium; Belgique; Bélgica; Belgien
Berlin; =; Berlín; =
Bern; Berne; Berna; =
Bordeaux; =; Burdeos; =
Brazil; Brésil; Brasil; Brasilien
Britain|UK; Grande-Bretagne|Royaume-Uni; Gran Bretaña|Bretaña|Reino Unido; Großbritannien
Brittany; Bretagne; Bretaña; Bretagne
Brussels; Bruxelles; Bruselas; Brüssel
Bulgaria; Bulgarie; =; Bulgarien
Cairo; Caire; =; Kairo
California; Californie; =; Kalifornien
Canada; =; Canadá; Kanada
China; Chine; =; =
Cologne; =; Colonia; Köln
Columbus; Colomb; Colón; Kolumbus
Copenhagen; Copenhague; Copenhague; Kopenhagen
Corsica; Corse; Córcega; Korsika
Cuba; =; =; Kuba
Danube; =; Danubio; Donau
Denmark; Danemark; Dinamarca; Dänemark
Dublin; =; Dublín; =
Dunkirk; Dunkerque; Dunkerque; Dünkirchen
Edinburgh; Édimbourg; Edimburgo; =
Egypt; Égypte; Egipto; Ägypten
England; Angleterre; Inglaterra; =
Ethiopia; Éthiopie; Etiopía; Äthiopien
Europe; =; Europa; Europa
Finland; Finlande; Finlandia; Finnland
Flanders; Flandre|Flandres; Flandes; Flandern
Florence; =; Florencia; Florenz
Florida; Floride; =; =
France; =; Francia; Frankreich
Frankfurt; Francfort; Fráncfort; =
Geneva; Genève; Ginebra; Genf
Genoa; Gênes; Génova; Genua
Germany; Allemagne; Alemania; Deutschland
Ghent; Gand; Gante; Gent
Greece; Grèce; Grecia; Griechenland
Hamburg; Hambourg; Hamburgo; =
Hawaii; Hawaï; Hawái; =
Holland; Hollande|Pays-Bas; Holanda; =
Hungary; Hongrie; Hungría; Ungarn
Iceland; Islande; Islandia; Island
India; Inde; =; Indien
Iraq; Irak; Irak; Irak
Ireland; Irlande; Irlanda; Irland
Israel; Israël; =; =
Istanbul; =; Estambul; =
Italy; Italie; Italia; Italien
Japan; Japon; Japón; =
Jerusalem; Jérusalem; Jerusalén; =
Jupiter; =; Júpiter; =
Korea; Corée; Corea; =
Kyoto; =; Kioto; =
Lisbon; Lisbonne; Lisboa; Lissabon
London; Londres; Londres; =
Lorraine; =; Lorena; Lothringen
Lucerne; =; Lucerna; Luzern
Luxembourg; =; Luxemburgo; Luxemburg
Mainz; Mayence; Maguncia; =
Marseille|Marseilles; =; Marsella; =
Mars; =; Marte; =
Mediterranean; Méditerranée; Mediterráneo; Mittelmeer
Mexico; Mexique|Mexico; México; Mexiko
Milan; =; Milán; Mailand
Morocco; Maroc; Marruecos; Marokko
Moscow; Moscou; Moscú; Moskau
Munich; =; Múnich; München
Naples; =; Nápoles; Neapel
Netherlands; Pays-Bas; Países Bajos; Niederlande|Niederlanden
Nice; =; Niza; Nizza
Nile; Nil; Nilo; Nil
Normandy; Normandie; Normandía; Normandie
Norway; Norvège; Noruega; Norwegen
Nuremberg; =; Núremberg; Nürnberg
Pacific; Pacifique; Pacífico; Pazifik
Panama; =; Panamá; =
Paris; =; París; =
Peru; Pérou; Perú; =
Poland; Pologne; Polonia; Polen
Prague; =; Praga; Prag
Provence; =; Provenza; =
Pyrenees; Pyrénées; Pirineos; Pyrenäen
Rhine; Rhin; Rin; Rhein
Romania; Roumanie; Rumania|Rumanía; Rumänien
Rome; =; Roma; Rom
Russia; Russie; Rusia; Russland
Saturn; Saturne; Saturno; =
Savoy; Savoie; Saboya; Savoyen
Scotland; Écosse; Escocia; Schottland
Seine; =; Sena; =
Seville; Séville; Sevilla; Sevilla
Shanghai; =; Shanghái; =
Sicily; Sicile; Sicilia; Sizilien
Singapore; Singapour; Singapur; Singapur
Spain; Espagne; España; Spanien
Strasbourg; =; Estrasburgo; Straßburg
Stockholm; =; Estocolmo; =
Sweden; Suède; Suecia; Schweden
Switzerland; Suisse; Suiza; Schweiz
Thailand; Thaïlande; Tailandia; =
Thames; Tamise; Támesis; Themse
Tokyo; =; Tokio; Tokio
Turin; =; Turín; =
Turkey; Turquie; Turquía; Türkei
Tuscany; Toscane; Toscana; Toskana
Ukraine; =; Ucrania; =
Venice; Venise; Venecia; Venedig
Versailles; =; Versalles; =
Vienna; Vienne; Viena; Wien
Vietnam; Viêt|Vietnam; =; =
Wales; Galles; Gales; =
Warsaw; Varsovie; Varsovia; Warschau
Zealand; Zélande; Zelanda|Zelandia; Neuseeland
Zurich; =; Zúrich; Zürich
`;

/** As {@link places}: names that may be translated, and need not be. */
const others = `
Bible; =; Biblia; Bibel
Charles; =; Carlos; Karl
Christ; =; Cristo; Christus
Christopher; Christophe; Cristóbal; Christoph
Esperanto; Espéranto; =; =
George; Georges; Jorge; Georg
God; Dieu; Dios; Gott
Helen; Hélène; Elena; Helene
James; Jacques; Jaime|Santiago; Jakob
Jesus; Jésus; Jesús; =
John; Jean; Juan; Johann|Johannes
Joseph; =; José; Josef
Louis; =; Luis; Ludwig
Mary|Marie|Maria; Marie; María; Maria|Marie
Mount|Mt; Mont; Monte; Berg
Paul; =; Pablo; =
Peter; Pierre; Pedro; =
Philip; Philippe; Felipe; Philipp
Pope; Pape; Papa; Papst
Saint|St; =|Sainte|St|Ste; San|Santa|Santo; Sankt|St
Santa; Père; Papá; Weihnachtsmann
Stephen; Étienne; Esteban; Stefan|Stephan
Thomas|Tom; =; Tomás|Tom; =
Virgin; Vierge; Virgen; Jungfrau
William; Guillaume; Guillermo; Wilhelm
AIDS; SIDA; SIDA; AIDS
DNA; ADN; ADN; DNS|DNA
EU; UE; UE; EU
NATO; OTAN; OTAN; NATO
UFO; OVNI; OVNI; UFO
UN|UNO; ONU; ONU; UNO|UN
`;

/** What English writes with a capital though it is no name, and what all may: titles, forms of address, things in the world of which there is one. */
const ordinary = new Set(
  `I Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September October November December
Christmas Easter Halloween Thanksgiving Christian Muslim Buddhist Catholic Protestant Jewish Jew Jews Greek Dutch German French Thai Swiss Arabic Arab Latin Hebrew Frenchman
Englishman Greeks Arabs Germans Earth Sun Moon Internet Web Mr Mrs Ms Miss Sir Dr Doctor Professor President Minister Mother Father Mom Mommy Mum Dad Daddy Grandma
Grandpa Uncle Aunt King Queen Prince Princess Lord Lady Street Avenue Road Station Airport Hotel University Museum Embassy Palace Tower Bridge River Lake Ocean Sea Bay Island
Islands Valley Park House Room Hall Building City State Union Party Army Congress Senate North South East West Northern Southern Eastern Western New Great United World War Second First
Civil Olympics Olympic Games Revolution Organization Republican Democrat Democratic Socialist Communist Lesson Chapter Page Day Year Eve OK TV PC CD CDs DVD ID GPS ATM WC
Herr Herrn Frau Don Doña Monsieur Madame Mademoiselle Messieurs Docteur Terre Lune Soleil Noël Pâques Président Ministre Nord Sud Est Ouest Place Rue Mère Père Roi Reine Jeux Guerre Saint-Valentin
Señor Señora Señorita Navidad Nochebuena Pascua Tierra Luna Sol Día Año Norte Sur Este Oeste Calle Plaza Universidad Gobierno Policía Guerra Mundial Presidente Ministro Nueva Nuevo Gran`.split(
    /\s+/,
  ),
);

/** English makes these of the names of countries; other languages write them with small letters. */
const OF_A_COUNTRY = /^\p{Lu}\p{L}{2,}(?:ish|ese|ians?|eans?|icans?)$/u;

/** Rows of each name, by each of its ways to be written. */
function byName(table: string): ReadonlyMap<string, TableRow> {
  const rows = new Map<string, TableRow>();
  for (const row of languageTable(table)) {
    for (const name of row.flatMap((ways) => ways.split('|'))) {
      if (!rows.has(name)) rows.set(name, row);
    }
  }
  return rows;
}

const placeRows = byName(places);
const otherRows = byName(others);

/** How a language may write a name that languages write in their own ways. Nothing for others, which all write alike. */
export function waysToWrite(name: string, language: string): readonly string[] {
  return columnOf(placeRows.get(name) ?? otherRows.get(name), language);
}

/** What a language calls a place that languages call by names of their own. */
export function placeIn(name: string, language: string): string | undefined {
  return columnOf(placeRows.get(name), language)[0];
}

function columnOf(row: TableRow | undefined, language: string): readonly string[] {
  return row?.[(tableLanguages as readonly string[]).indexOf(language)]?.split('|') ?? [];
}

/** True for words with a capital that are no names, in English above all, and so are translated. */
export function isOrdinary(word: string): boolean {
  return ordinary.has(word) || OF_A_COUNTRY.test(word);
}
