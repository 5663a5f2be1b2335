"""Words of the street, written by us: what stands on signs, doors, shops, tickets and titles."""

FRENCH = """Sortie de secours|Sortie|Entrée|Entrée interdite|Entrée libre|Défense d'afficher|Défense de fumer|Poussez|Tirez|Ouvert|Fermé|Fermé le lundi|
Boulangerie|Pâtisserie|Boucherie – Charcuterie|Fromagerie|Épicerie fine|Librairie|Papeterie|Pharmacie|Tabac – Presse|Café de la Gare|Hôtel de Ville|Mairie|
École maternelle|Bibliothèque municipale|Musée des beaux-arts|Théâtre du Châtelet|Cinéma|Gare routière|Arrêt d'autobus|Correspondance|Voie 3|Quai n° 12|
Guichet fermé|Billets|Renseignements|Objets trouvés|Toilettes|Dames|Messieurs|Caisse|Soldes|Prix sacrifiés|À vendre|À louer|Complet|Déviation|Route barrée|
Travaux|Ralentir|Cédez le passage|Sens unique|Stationnement interdit|Parking gratuit|Passage piétons|Piste cyclable|Zone piétonne|Attention à la marche|
Attention au chien|Chien méchant|Danger de mort|Eau non potable|Baignade interdite|Pelouse interdite|Propriété privée|Sonnez ici|Ascenseur en panne|
Premier étage|Rez-de-chaussée|Accès réservé au personnel|Livraisons|Rue de l'Église|Place de la République|Boulevard Saint-Michel|Avenue des Champs-Élysées|
Plat du jour|Menu à 14,50 €|Carte des vins|Crêpes et galettes|Moules-frites|Service compris|Réservé|Merci de votre visite|Bienvenue|Fin|Fin de la première partie|
Le lendemain matin…|Pendant ce temps…|Coiffeur|Blanchisserie|Quincaillerie|Fleuriste|Poissonnerie|Banque|Assurances|Notaire|Docteur Lefèvre – Dentiste|
Horaires d'ouverture|Du lundi au vendredi|Jours fériés|Sauf riverains|Sauf livraisons|Hôpital|Urgences|Police nationale|Bureau de poste|Levée du courrier"""
SPANISH = """Salida de emergencia|Salida|Entrada|Prohibido el paso|Prohibido fumar|Prohibido aparcar|Empuje|Tire|Abierto|Cerrado|Cerrado por vacaciones|Panadería|
Pastelería|Carnicería|Pescadería|Frutería|Librería|Farmacia de guardia|Estanco|Peluquería|Ferretería|Zapatería|Ayuntamiento|Comisaría|Correos|Biblioteca pública|
Museo del Prado|Teatro Español|Cine|Estación de autobuses|Parada de taxis|Andén 4|Taquilla|Venta de billetes|Información|Objetos perdidos|Aseos|Señoras|Caballeros|
Caja|Rebajas|Se vende|Se alquila|Completo|Desvío|Carretera cortada|Obras|Ceda el paso|Sentido único|Aparcamiento|Paso de peatones|Cuidado con el perro|
Peligro de muerte|Agua no potable|Prohibido bañarse|No pisar el césped|Propiedad privada|Ascensor averiado|Planta baja|Sólo personal autorizado|Calle Mayor|
Plaza de España|Avenida de la Constitución|Menú del día|Tapas y raciones|Churros con chocolate|¡Bienvenidos!|¿Dónde está la salida?|Gracias por su visita|Fin|
A la mañana siguiente…|Mientras tanto…|Horario de verano|De lunes a sábado|Festivos cerrado|Hospital|Urgencias|Policía local|Niños|Año nuevo|Cumpleaños|
Habitaciones libres|Lavandería|Se habla inglés|Cuidado con el escalón|Mantenga limpia su ciudad|Silencio, por favor|Alta tensión"""
GERMAN = """Notausgang|Ausgang|Eingang|Kein Zutritt|Zutritt verboten|Rauchen verboten|Drücken|Ziehen|Geöffnet|Geschlossen|Montag Ruhetag|Bäckerei|Konditorei|Metzgerei|
Fleischerei|Buchhandlung|Apotheke|Schreibwaren|Frisör|Blumen|Reinigung|Rathaus|Polizei|Postamt|Bücherei|Museum für Völkerkunde|Lichtspiele|Hauptbahnhof|
Gleis 7|Fahrkarten|Auskunft|Fundbüro|Toiletten|Damen|Herren|Kasse|Schlussverkauf|Zu verkaufen|Zu vermieten|Besetzt|Umleitung|Straße gesperrt|Baustelle|
Vorfahrt gewähren|Einbahnstraße|Parken verboten|Parkhaus|Fußgängerzone|Radweg|Vorsicht Stufe|Vorsicht, bissiger Hund|Lebensgefahr|Kein Trinkwasser|Baden verboten|
Rasen nicht betreten|Privatgrundstück|Aufzug außer Betrieb|Erdgeschoss|Nur für Personal|Lieferanten|Schloßallee|Königstraße|Marktplatz|Münchner Straße|Tageskarte|
Gasthof zum Löwen|Weißwürste mit Brezeln|Bedienung inbegriffen|Reserviert|Herzlich willkommen|Vielen Dank für Ihren Besuch|Ende|Am nächsten Morgen …|Unterdessen …|
Öffnungszeiten|Montag bis Freitag|An Feiertagen geschlossen|Krankenhaus|Notaufnahme|Betreten der Baustelle verboten|Eltern haften für ihre Kinder|Achtung, Hochspannung|
Zimmer frei|Frühstück|Spülküche|Größe|Gemüse|Getränke|Äpfel|Süßwaren|Übernachtung|Schülerausweis|Fährhafen|Zugspitze"""
ENGLISH = """Emergency exit|Exit|Way out|Entrance|No entry|No smoking|No parking|Push|Pull|Open|Closed|Open 24 hours|Bakery|Butcher|Grocery|Bookshop|Chemist|Newsagent|
Barber shop|Hardware|Shoe repair|Town Hall|Police|Post Office|Public Library|Museum of Modern Art|Theatre|Cinema|Bus stop|Taxi|Platform 9|Tickets|Information|
Lost property|Toilets|Ladies|Gentlemen|Pay here|Sale|Everything must go|For sale|To let|Sold out|Diversion|Road closed|Road works ahead|Slow|Stop|Give way|Yield|
One way|Car park|Pedestrians only|Cyclists dismount|Mind the gap|Mind the step|Beware of the dog|Danger of death|Not drinking water|No swimming|Keep off the grass|
Private property|Out of order|Ground floor|Staff only|Deliveries at rear|Church Street|Market Square|5th Avenue|Soup of the day|Fish & Chips|Breakfast served all day|
Service not included|Reserved|Welcome|Thank you for your visit|The End|Part Two|The next morning …|Meanwhile …|Opening hours|Monday to Friday|Closed on bank holidays|
Hospital|Accident & Emergency|Construction site – keep out|High voltage|Vacancies|Laundry|Wet paint|Please ring the bell|Please wait here|Caution: wet floor|
Speed limit|School zone|Dead end|Detour|Main Street|Buy one, get one free|Happy hour|Live music tonight|Directed by|Starring|Produced by|Copyright|Fire hose|Lift|
First Class|Baggage claim|Gate B27|Departures|Arrivals|Passport control|Duty free|Nothing to declare|Left luggage|Trains to London|No dogs allowed"""
ITALIAN_AND_OTHERS = """Uscita di sicurezza|Vietato fumare|Farmacia|Stazione|Città vecchia|Perché no?|Caffè|Università|Saída de emergência|Não fumar|Pão quente|Praça da Sé|
Informações|Estação|Nooduitgang|Verboden toegang|Geen ingang|Fietspad|Uitverkoop|Nødudgang|Rygning forbudt|Udsalg|Åbent|Smørrebrød|Nödutgång|Öppet|Stängt|
Rökning förbjuden|Nødutgang|Åpent|Gågate|Blåbær|Færøerne|Útgangur"""


def _phrases(text):
    return tuple(phrase.strip() for phrase in text.replace("\n", "").split("|"))


SIGNS = _phrases(FRENCH) + _phrases(SPANISH) + _phrases(GERMAN) + _phrases(ENGLISH) + _phrases(ITALIAN_AND_OTHERS)

INTERTITLES = _phrases(
    """Came the dawn …|One year later.|“You shall never see him again!”|And so, in the quiet of the evening, she waited.|In the heart of the great city|
Deux ans plus tard.|« Jamais je ne vous oublierai ! »|Et le voyage continue …|Dans une petite ville de province|Cette nuit-là, un étranger frappa à la porte.|
Dos años más tarde.|—¡Nunca volveré a verte!|Aquella noche llegó un forastero.|Ein Jahr später.|„Ich werde dich nie vergessen!“|In jener Nacht klopfte ein Fremder an die Tür.|
The villain makes his escape.|A father's wrath|“Where is the money?”|The chase begins!|Le lendemain, à l'aube|« Au secours ! »|Die Verfolgung beginnt.|La persecución comienza."""
)
TITLES = _phrases("The End|Fin|FIN|Ende|ENDE|THE END|FINE|Part One|Deuxième partie|Erster Teil|Primera parte|A Film by|Un film de|Ein Film von|Una película de|Intermission|Entracte")
