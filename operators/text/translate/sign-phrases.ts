import { languageTable, type TableRow } from './language-table.js';

/**
 * What stands on signs, doors and cards: a row a meaning, other wordings after a bar. The first wording is the one that is given out.
 * Written for this project.
 */
export const signPhrases: readonly TableRow[] = [
  // Ways in and out
  ...languageTable(`
Exit|Way out; Sortie; Salida; Ausgang
Emergency exit|Fire exit; Sortie de secours|Issue de secours; Salida de emergencia|Salida de socorro; Notausgang
Entrance|Way in; Entrée; Entrada; Eingang
No entry|Do not enter; Entrée interdite|Sens interdit; Prohibido el paso|Prohibida la entrada; Kein Eingang|Eintritt verboten|Kein Zutritt
Main entrance; Entrée principale; Entrada principal; Haupteingang
No exit; Sans issue|Pas de sortie; Sin salida; Kein Ausgang
Push; Poussez|Pousser; Empujar|Empuje; Drücken
Pull; Tirez|Tirer; Tirar|Tire; Ziehen
Open; Ouvert; Abierto; Geöffnet|Offen
Closed; Fermé; Cerrado; Geschlossen
Free entry|Free admission; Entrée libre|Entrée gratuite; Entrada libre|Entrada gratuita; Eintritt frei|Freier Eintritt
Staff only; Réservé au personnel; Solo personal autorizado|Solo personal; Nur für Personal|Zutritt nur für Personal
No unauthorised access|Authorised personnel only; Accès interdit à toute personne non autorisée; Prohibido el paso a toda persona ajena; Zutritt für Unbefugte verboten|Unbefugten ist der Zutritt verboten
Private; Privé; Privado; Privat
Private property; Propriété privée; Propiedad privada; Privatgrundstück|Privatbesitz
Stairs; Escalier|Escaliers; Escaleras|Escalera; Treppe
Lift|Elevator; Ascenseur; Ascensor; Aufzug|Fahrstuhl
Ground floor; Rez-de-chaussée; Planta baja; Erdgeschoss
First floor; Premier étage; Primer piso; Erster Stock|Erstes Obergeschoss
Basement; Sous-sol; Sótano; Untergeschoss|Keller
Reception; Accueil|Réception; Recepción; Empfang|Rezeption
Please ring|Please ring the bell; Veuillez sonner|Sonnez; Llame al timbre|Toque el timbre; Bitte klingeln|Bitte läuten
Please knock; Frappez|Veuillez frapper; Llame a la puerta; Bitte anklopfen
Closed on Mondays; Fermé le lundi; Cerrado los lunes; Montags geschlossen|Montag Ruhetag
Open on Sundays; Ouvert le dimanche; Abierto los domingos; Sonntags geöffnet
Opening hours; Horaires d'ouverture|Heures d'ouverture; Horario|Horario de apertura; Öffnungszeiten
`),
  // What is forbidden, and what to mind
  ...languageTable(`
No smoking; Défense de fumer|Interdiction de fumer|Interdit de fumer; Prohibido fumar|No fumar; Rauchen verboten|Nicht rauchen
No parking; Défense de stationner|Stationnement interdit; Prohibido aparcar|Prohibido estacionar; Parken verboten|Parkverbot
No stopping; Arrêt interdit; Prohibido parar; Halten verboten|Halteverbot
No swimming; Baignade interdite; Prohibido bañarse; Baden verboten
No dogs; Chiens interdits|Interdit aux chiens; Prohibido perros|No se admiten perros; Hunde verboten|Keine Hunde
No photography; Photos interdites|Interdit de photographier; Prohibido hacer fotos|Prohibido fotografiar; Fotografieren verboten
No bill posting|Post no bills; Défense d'afficher; Prohibido fijar carteles; Plakate ankleben verboten
Do not touch|Please do not touch; Ne pas toucher; No tocar; Nicht berühren|Bitte nicht berühren
Keep off the grass; Pelouse interdite|Ne pas marcher sur la pelouse; No pisar el césped; Rasen nicht betreten|Rasen betreten verboten
Do not litter|No littering; Ne pas jeter de déchets; No tirar basura|Prohibido arrojar basura; Keinen Müll abladen|Müll abladen verboten
Forbidden|Prohibited; Interdit; Prohibido; Verboten
Caution|Attention; Attention; Atención|Cuidado|Precaución; Achtung|Vorsicht
Danger; Danger; Peligro; Gefahr
Danger of death; Danger de mort; Peligro de muerte; Lebensgefahr
Beware of the dog; Attention au chien|Chien méchant; Cuidado con el perro; Vorsicht vor dem Hund|Warnung vor dem Hund|Vorsicht Hund
Mind the step; Attention à la marche; Cuidado con el escalón; Vorsicht Stufe
Wet floor|Caution, wet floor; Sol glissant|Sol mouillé; Suelo mojado|Piso mojado; Rutschgefahr|Nasser Boden
Wet paint; Peinture fraîche; Recién pintado; Frisch gestrichen
High voltage; Haute tension; Alta tensión; Hochspannung
Out of order; Hors service|En panne; Fuera de servicio|No funciona; Außer Betrieb|Defekt
Silence|Quiet please; Silence|Silence SVP; Silencio; Ruhe|Bitte Ruhe
Keep clear; Ne pas encombrer|Laissez libre; Dejar libre|No obstruir; Freihalten|Bitte freihalten
Keep exit clear; Sortie de véhicules; Vado permanente; Ausfahrt freihalten|Einfahrt freihalten
Video surveillance|CCTV in operation; Vidéosurveillance; Zona videovigilada|Videovigilancia; Videoüberwachung|Videoüberwacht
Fire extinguisher; Extincteur; Extintor; Feuerlöscher
First aid; Premiers secours; Primeros auxilios; Erste Hilfe
In case of emergency; En cas d'urgence; En caso de emergencia; Im Notfall
In case of fire; En cas d'incendie; En caso de incendio; Im Brandfall
Assembly point; Point de rassemblement; Punto de encuentro; Sammelplatz|Sammelstelle
Drinking water; Eau potable; Agua potable; Trinkwasser
Not drinking water; Eau non potable; Agua no potable; Kein Trinkwasser
`),
  // On the street
  ...languageTable(`
Stop; Stop|Arrêt; Alto|Pare; Halt
Give way|Yield; Cédez le passage; Ceda el paso; Vorfahrt gewähren|Vorfahrt achten
One way; Sens unique; Sentido único; Einbahnstraße
Dead end; Impasse|Voie sans issue; Calle sin salida; Sackgasse
Diversion|Detour; Déviation; Desvío; Umleitung
Road closed; Route barrée; Carretera cortada|Calle cortada; Straße gesperrt
Roadworks; Travaux; Obras; Baustelle|Bauarbeiten
Slow|Slow down; Ralentir|Ralentissez; Despacio|Reduzca la velocidad; Langsam|Langsam fahren
Keep right; Serrez à droite; Circule por la derecha; Rechts fahren
All directions; Toutes directions; Todas direcciones; Alle Richtungen
Other directions; Autres directions; Otras direcciones; Andere Richtungen
Town centre; Centre-ville; Centro ciudad|Centro; Stadtmitte|Zentrum|Stadtzentrum
Motorway; Autoroute; Autopista|Autovía; Autobahn
Toll; Péage; Peaje; Maut
Border; Frontière; Frontera; Grenze
Customs; Douane; Aduana; Zoll
School; École; Escuela|Colegio; Schule
Pedestrians; Piétons; Peatones; Fußgänger
Pedestrian zone; Zone piétonne; Zona peatonal; Fußgängerzone
Cyclists; Cyclistes; Ciclistas; Radfahrer
Cycle path; Piste cyclable; Carril bici; Radweg
Car park|Parking; Parking|Parc de stationnement; Aparcamiento|Estacionamiento; Parkplatz|Parkhaus
Customers only; Réservé aux clients; Solo clientes|Reservado para clientes; Nur für Kunden
Residents only; Réservé aux riverains|Sauf riverains; Solo residentes; Anlieger frei|Nur für Anwohner
Delivery|Deliveries; Livraison|Livraisons; Carga y descarga; Lieferung|Anlieferung
Petrol station; Station-service; Gasolinera; Tankstelle
For sale; À vendre; Se vende|En venta; Zu verkaufen
To let|For rent; À louer; Se alquila|En alquiler; Zu vermieten
`),
  // Travelling
  ...languageTable(`
Station; Gare; Estación; Bahnhof
Central station; Gare centrale; Estación central; Hauptbahnhof
Airport; Aéroport; Aeropuerto; Flughafen
Underground|Subway; Métro; Metro; U-Bahn
Platform; Quai; Andén; Bahnsteig
Track; Voie; Vía; Gleis
Departures; Départs; Salidas; Abflug|Abfahrt
Arrivals; Arrivées; Llegadas; Ankunft
Delayed; Retardé|En retard; Retrasado|Con retraso; Verspätet
Cancelled; Annulé|Supprimé; Cancelado; Annulliert|Gestrichen|Fällt aus
Tickets; Billets; Billetes|Entradas; Fahrkarten|Fahrscheine
Ticket office; Guichet|Billetterie; Taquilla|Venta de billetes; Fahrkartenschalter|Kasse
Waiting room; Salle d'attente; Sala de espera; Wartesaal|Warteraum|Wartezimmer
Left luggage; Consigne; Consigna; Gepäckaufbewahrung|Schließfächer
Baggage claim; Livraison des bagages|Retrait des bagages; Recogida de equipajes; Gepäckausgabe
Lost property|Lost and found; Objets trouvés; Objetos perdidos; Fundbüro
Bus stop; Arrêt de bus; Parada de autobús; Bushaltestelle|Haltestelle
Taxi rank; Station de taxis; Parada de taxis; Taxistand
Non-smoking; Non-fumeurs; No fumadores; Nichtraucher
Information; Renseignements|Information; Información; Auskunft|Information
Tourist information|Tourist office; Office de tourisme; Oficina de turismo; Touristeninformation|Fremdenverkehrsamt
`),
  // Places and shops
  ...languageTable(`
Toilets|Restrooms; Toilettes; Aseos|Servicios|Baños; Toiletten|Toilette
Ladies|Women; Dames|Femmes; Señoras|Mujeres|Damas; Damen|Frauen
Gentlemen|Men; Messieurs|Hommes; Caballeros|Hombres; Herren|Männer
Occupied|Engaged; Occupé; Ocupado; Besetzt
Vacant; Libre; Libre; Frei
Town hall; Mairie|Hôtel de ville; Ayuntamiento; Rathaus
Police; Police; Policía; Polizei
Fire brigade; Pompiers|Sapeurs-pompiers; Bomberos; Feuerwehr
Hospital; Hôpital; Hospital; Krankenhaus
Accident and emergency|Emergency; Urgences; Urgencias; Notaufnahme
Pharmacy; Pharmacie; Farmacia; Apotheke
Post office; Bureau de poste|La Poste; Correos|Oficina de correos; Postamt|Post
Bank; Banque; Banco; Bank|Sparkasse
Cash desk|Checkout; Caisse; Caja; Kasse
Cash machine; Distributeur de billets|Distributeur automatique; Cajero automático; Geldautomat
Bakery; Boulangerie; Panadería; Bäckerei
Pastry shop; Pâtisserie; Pastelería; Konditorei
Butcher; Boucherie; Carnicería; Metzgerei|Fleischerei
Fishmonger; Poissonnerie; Pescadería; Fischhandlung|Fischgeschäft
Greengrocer; Primeurs|Fruits et légumes; Frutería|Verdulería; Obst und Gemüse
Grocery; Épicerie|Alimentation; Ultramarinos|Comestibles; Lebensmittel
Bookshop; Librairie; Librería; Buchhandlung
Library; Bibliothèque; Biblioteca; Bibliothek|Bücherei
Newsagent; Maison de la presse|Journaux; Prensa|Quiosco; Zeitungen
Tobacconist; Tabac|Bureau de tabac; Estanco; Tabakwaren|Tabakladen
Hairdresser; Coiffeur|Salon de coiffure; Peluquería; Friseur
Florist; Fleuriste; Floristería; Blumen|Blumenladen
Hardware shop|Hardware store; Quincaillerie; Ferretería; Eisenwaren
Jeweller; Bijouterie|Joaillerie; Joyería; Juwelier
Laundry; Blanchisserie|Laverie; Lavandería; Wäscherei|Waschsalon
Shoe shop|Shoes; Chaussures; Zapatería|Zapatos; Schuhe|Schuhgeschäft
Optician; Opticien; Óptica; Optiker
Dentist; Dentiste; Dentista; Zahnarzt
Doctor; Médecin; Médico; Arzt
Lawyer; Avocat; Abogado; Rechtsanwalt
Restaurant; Restaurant; Restaurante; Restaurant|Gaststätte
Inn; Auberge; Posada|Mesón; Gasthaus|Gasthof
Hotel; Hôtel; Hotel; Hotel
Rooms available|Vacancies; Chambres libres; Hay habitaciones; Zimmer frei
Fully booked|No vacancies; Complet; Completo; Belegt|Ausgebucht
Dish of the day; Plat du jour; Plato del día; Tagesgericht
Set menu; Menu du jour; Menú del día; Tagesmenü
Breakfast; Petit déjeuner|Petit-déjeuner; Desayuno; Frühstück
Lunch; Déjeuner; Almuerzo|Comida; Mittagessen
Dinner; Dîner; Cena; Abendessen
Market; Marché; Mercado; Markt
Department store; Grand magasin; Grandes almacenes; Kaufhaus|Warenhaus
Sale|Sales; Soldes; Rebajas; Schlussverkauf|Ausverkauf
Self-service; Libre-service; Autoservicio; Selbstbedienung
Church; Église; Iglesia; Kirche
Cemetery; Cimetière; Cementerio; Friedhof
Castle; Château; Castillo; Schloss|Burg
Museum; Musée; Museo; Museum
Theatre; Théâtre; Teatro; Theater
Cinema; Cinéma; Cine; Kino
Exhibition; Exposition; Exposición; Ausstellung
Beach; Plage; Playa; Strand
Swimming pool; Piscine; Piscina; Schwimmbad|Hallenbad|Freibad
Harbour|Port; Port; Puerto; Hafen
Factory; Usine; Fábrica; Fabrik
`),
  // On cards of films
  ...languageTable(`
The end; Fin; Fin; Ende
End of part one; Fin de la première partie; Fin de la primera parte; Ende des ersten Teils
Part one; Première partie; Primera parte; Erster Teil
Part two; Deuxième partie; Segunda parte; Zweiter Teil
Directed by; Réalisé par|Mise en scène de; Dirigida por|Dirigido por; Regie
The next day; Le lendemain; Al día siguiente; Am nächsten Tag
The next morning; Le lendemain matin; A la mañana siguiente; Am nächsten Morgen
That night; Cette nuit-là; Aquella noche; In dieser Nacht
Meanwhile; Pendant ce temps; Mientras tanto; Inzwischen|Unterdessen
Years later; Des années plus tard; Años después; Jahre später
`),
];
